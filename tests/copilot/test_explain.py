"""Why a point matters, from the question's own data, for every point that ships."""

from lift.copilot.explain import explain
from tests.copilot.bank import shipped


def test_every_point_of_every_question_is_told_by_weight_level_and_dimension() -> None:
    for slug, facts in shipped().items():
        for number, signal in enumerate(facts.signals):
            found = explain(facts, number)
            assert found.why[0].startswith(f"It is a {signal['weight']}"), (slug, number)
            assert facts.level(signal["level"]) in found.why[0]
            assert facts.dimension(signal["dimension"]).name in found.why[1]
            assert len(found.why) >= 3, (slug, number)
            assert len(found.text.split()) <= 140, (slug, number)


def test_the_follow_up_aimed_at_a_point_is_named_with_it() -> None:
    for facts in shipped().values():
        for followup in facts.followups:
            missed = followup.get("when_missed")
            if missed is not None:
                first = next(f for f in facts.followups if f.get("when_missed") == missed)
                assert f"Leave it out and expect: “{first['ask']}”" in explain(facts, missed).why


def test_a_mistake_is_named_with_the_point_it_is_nearest_to_and_no_other() -> None:
    facts = shipped()["bulk-and-batch-endpoints-01"]
    named = {
        pitfall: [n for n in range(len(facts.signals)) if f"“{pitfall}”" in explain(facts, n).text]
        for pitfall in facts.pitfalls
    }
    assert named["Reads responses by position although the order is not promised"] in ([2], [])
    assert all(len(points) <= 2 for points in named.values())


def test_the_shares_of_all_points_come_to_the_whole() -> None:
    facts = shipped()["idempotency-keys-01"]
    shares = [int(explain(facts, n).why[1].rpartition("about ")[2].split()[0]) for n in range(len(facts.signals))]
    assert 96 <= sum(shares) <= 104
