"""E-mail addresses as people type them."""

from email_validator import EmailNotValidError, validate_email

from lift.kernel.errors import Invalid

LONGEST = 254


def parse_address(text: str) -> str:
    """The address in its normal spelling; ``Invalid`` with words for the person. Nothing is asked of the network."""
    stripped = text.strip()
    if len(stripped) > LONGEST:
        raise Invalid("This address is too long.")
    try:
        found = validate_email(stripped, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError as error:
        raise Invalid("This is not an e-mail address that mail can be sent to.") from error
    return str(found.normalized)
