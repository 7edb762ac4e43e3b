"""What a role's page says of rounds and dimensions, from the kinds of round that the role has."""

from lift.catalog.role_rounds import rounds_of, scored, separating

DIMENSIONS = [
    {"slug": "api-design-quality", "family": "backend-core", "separates": None, "position": 0},
    {"slug": "trade-off-articulation", "family": "backend-core", "separates": {"from": "mid"}, "position": 1},
    {"slug": "ui-craft", "family": "frontend", "separates": None, "position": 2},
    {"slug": "communication", "family": "general", "separates": None, "position": 3},
    {"slug": "motivation-and-fit", "family": "behavioural", "separates": None, "position": 4},
]
UI = {
    "family": "technical",
    "scoring": [{"dimension": "ui-craft", "weight": 35}, {"dimension": "communication", "weight": 65}],
}
HR = {"family": "people", "scoring": [{"dimension": "motivation-and-fit", "weight": 100}]}
DESIGN = {"family": "technical", "scoring": [{"dimension": "trade-off-articulation", "weight": 100}]}
OUTLINED = {"content": "outline", "round_kinds": ["ui-coding", "hr"]}


def slugs(rows: list[dict[str, object]]) -> list[object]:
    return [row["slug"] for row in rows]


def test_a_developed_role_is_scored_on_the_first_family() -> None:
    assert slugs(scored(DIMENSIONS, [UI], {"content": "developed"})) == ["api-design-quality", "trade-off-articulation"]


def test_an_outlined_role_is_scored_on_what_weighs_most_in_its_technical_rounds() -> None:
    assert slugs(scored(DIMENSIONS, [UI, HR], OUTLINED)) == ["ui-craft", "motivation-and-fit"]


def test_a_dimension_separates_levels_only_where_a_round_scores_it() -> None:
    assert slugs(separating(DIMENSIONS, [UI, HR])) == []
    assert slugs(separating(DIMENSIONS, [UI, DESIGN])) == ["trade-off-articulation"]


def test_rounds_of_other_kinds_are_left_out_of_a_companys_loop() -> None:
    loop = [{"kind": "hr"}, {"kind": "system-design"}, {"kind": "ui-coding"}]
    assert [part["kind"] for part in rounds_of(loop, OUTLINED)] == ["hr", "ui-coding"]
    assert rounds_of(loop, None) == []
