"""A company's own level code as a common level."""

from lift.catalog.level_codes import meaning, spellings

CODES = {
    ("microsoft", "63/64"): "senior",
    ("microsoft", "70"): "distinguished",
    ("microsoft", "80"): "distinguished",
    ("google", "L5"): "senior",
    ("amazon", "L5"): "mid",
    ("shopify", "G8 (L4)"): "mid",
    ("sap", "T3"): "senior",
    ("sap", "T3 "): "staff",
}


def test_a_step_is_called_by_either_of_its_numbers_or_names() -> None:
    assert spellings("63/64") == {"63/64", "63", "64"}
    assert spellings("G8 (L4)") == {"g8 (l4)", "g8", "l4"}


def test_a_code_that_one_company_has_needs_no_company() -> None:
    assert meaning("63", [], CODES).levels == ("senior",)
    assert meaning("63/64", [], CODES).at == {"microsoft": ("senior",)}
    assert meaning("l4", [], CODES).levels == ("mid",)


def test_a_code_that_differs_between_companies_needs_one() -> None:
    assert meaning("L5", [], CODES).levels == ()
    assert set(meaning("L5", [], CODES).at) == {"google", "amazon"}
    assert meaning("L5", ["google"], CODES).levels == ("senior",)
    assert meaning("amazon:L5", ["google"], CODES).levels == ("mid",)


def test_a_code_may_stand_for_two_common_levels_of_one_company() -> None:
    assert meaning("t3", ["sap"], CODES).levels == ("senior", "staff")


def test_what_is_no_code_means_nothing() -> None:
    for value in ("", ":", "99", "microsoft:", "nobody:63", "6", "/"):
        assert meaning(value, [], CODES).at == {}, value
