"""What a typed answer is once it is stored."""

MAX_ANSWER = 20_000
"""Characters of one typed answer: some 3,500 words, three times what ten minutes of speech hold."""


def cleaned(text: str) -> str:
    """The text as it is counted and stored: browsers send a new line as two characters, and PostgreSQL takes no NUL."""
    return text.replace("\x00", "").replace("\r\n", "\n")
