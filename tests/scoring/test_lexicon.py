"""The field's lexicon is sound, and finds the longest name first."""

import yaml

from lift.scoring import lexicon


def test_the_shipped_lexicon_has_no_faults_and_two_hundred_entries() -> None:
    concepts = yaml.safe_load(lexicon.FILE.read_text(encoding="utf-8"))
    assert lexicon.problems(concepts) == []
    assert len(concepts) >= 200


def test_two_names_of_one_thing_share_a_concept() -> None:
    forms = lexicon.forms_of([["2pc", "two-phase commit"], ["commit", "git commit"]])
    assert lexicon.concepts(["a", "two", "phase", "commit", "or", "2pcs"], forms) == [-1, 0, 0, 0, -1, 0]


def test_faults_are_named() -> None:
    found = lexicon.problems([["alone"], ["a b", "c"], ["a b", "d"], ["", "x"]])
    assert [line.split(":")[0] for line in found] == ["['alone']", "a b", ""]
