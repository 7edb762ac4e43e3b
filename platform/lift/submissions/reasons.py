"""The lists of reasons, each with its words for the person who sent the report."""

DECLINING: dict[str, str] = {
    "another_question": "It reads like another question than the one it was sent for.",
    "unclear": "One cannot tell from the words what was asked.",
    "too_detailed": "It repeats what was asked word for word, or shows material of the company.",
    "private": "It says something about a person that does not belong here.",
    "implausible": "It does not fit the company, the level or the round.",
    "not_a_question": "It describes the loop, but no question that was asked in it.",
    "duplicate": "You had reported this question of this loop before.",
    "spam": "It is no report.",
}
"""Why a reviewer declines a report."""

VERIFYING: dict[str, str] = {
    "reports_agree": "The reports agree on what was asked.",
    "fits_company": "It fits what is publicly known of this company's loop.",
    "fits_level": "It fits the level and the round.",
}
"""What a reviewer saw before verifying; at least one is named."""

SCREENING: dict[str, str] = {
    "month_ahead": "The month of the loop is still to come.",
    "month_too_old": "The loop was more than 24 months ago.",
    "unknown_company": "The bank does not know this company.",
    "unknown_role": "The bank does not know this role.",
    "unknown_level": "The company has no such level.",
    "unknown_org": "The company has no such org.",
    "unknown_round": "There is no such kind of round.",
    "question_gone": "The question has left the bank.",
    "too_short": "It is too short to tell what was asked.",
    "spam": "It reads like an advertisement or like keys hit at random.",
    "reported_before": "You have reported this question of this month already.",
    "same_words": "You have sent the same words before.",
}
"""Why the automatic checks refuse a report."""

ALL: dict[str, str] = {**SCREENING, **VERIFYING, **DECLINING}


def words(reasons: list[str]) -> list[str]:
    """The reasons in words; one that is no longer in a list as it is."""
    return [ALL.get(reason, reason) for reason in reasons]
