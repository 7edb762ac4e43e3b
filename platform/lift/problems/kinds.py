"""What kinds of problems there are, and with which reasons a report is closed. Words as they are shown."""

KINDS = {
    "fact": "A fact is wrong",
    "unclear": "It is unclear",
    "duplicate": "It is another question again",
    "level": "The level does not fit",
    "other": "Something else",
}
REASONS = {
    "fixed": "The question was changed",
    "stands": "Looked at; the question stays as it is",
    "known": "It is known already",
    "unusable": "It could not be used",
}
ANSWERS = {
    "fixed": "You reported a problem with a question. It was changed: thank you.",
    "stands": "You reported a problem with a question. We looked at it, and the question stays as it is.",
    "known": "You reported a problem with a question. It was known already and is being worked on: thank you.",
    "unusable": "You reported a problem with a question. We could not tell from the report what is wrong.",
}
"""What the person who reported is told."""
