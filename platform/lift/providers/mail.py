"""The mail port: over SMTP, or into the mailbox of the embedded stack, which is the table of messages itself."""

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from lift.kernel.errors import Unavailable
from lift.kernel.settings import Settings

TIMEOUT = 8.0
"""Seconds for each step of a talk with the mail server."""


@dataclass(frozen=True)
class Letter:
    """A mail as it was written; ``id`` names it for good, so a server can drop a repeat."""

    id: UUID
    to: str
    subject: str
    text: str
    html: str


class Mailer(Protocol):
    """Hands a letter over, or raises."""

    keeps_mailbox: bool
    """The stored message is the mailbox: its body must stay."""

    def send(self, letter: Letter) -> None: ...


def compose(letter: Letter, mail_from: str) -> EmailMessage:
    """The message with its headers; ``ValueError`` for a line break in any of them."""
    for value in (letter.to, letter.subject, mail_from):
        if any(ord(char) < 32 or ord(char) == 127 for char in value):
            raise ValueError("a header may not hold control characters")
    name, sender = parseaddr(mail_from)
    local, _, domain = letter.to.rpartition("@")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=name, addr_spec=sender)
    message["To"] = Address(username=local, domain=domain)
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


class SmtpMailer:
    """``smtp://user:password@host:587`` upgrades to TLS; ``smtps://host:465`` begins with it.

    Without TLS only ``smtp://host:25?tls=none`` talks, for a relay on one's own network.
    """

    keeps_mailbox = False

    def __init__(self, url: str, mail_from: str) -> None:
        self._url = urlsplit(url)
        if self._url.scheme not in ("smtp", "smtps") or not self._url.hostname:
            raise ValueError("LIFT_SMTP_URL must look like smtp://user:password@host:587")
        self._from = mail_from

    def send(self, letter: Letter) -> None:
        message = compose(letter, self._from)
        try:
            with _connect(self._url) as server:
                if self._url.username:
                    server.login(unquote(self._url.username), unquote(self._url.password or ""))
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"The mail server did not take the mail ({type(error).__name__}).") from error


def _connect(url: SplitResult) -> smtplib.SMTP:
    host = url.hostname or ""
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, url.port or 587, timeout=TIMEOUT)
    if "tls=none" not in url.query:
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


class EmbeddedMailbox:
    """Nothing leaves the host: the message's row is shown on ``/dev/mail``."""

    keeps_mailbox = True

    def send(self, letter: Letter) -> None:
        compose(letter, "Interview Lift <hello@localhost>")


class NoMailer:
    """Neither embedded nor told of a server: every mail waits in its job and says why."""

    keeps_mailbox = False

    def send(self, letter: Letter) -> None:
        raise Unavailable("No mail server is set: LIFT_SMTP_URL is empty.")


def make_mailer(settings: Settings) -> Mailer:
    """The mailer that the settings ask for; an SMTP address wins over the embedded mailbox."""
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return EmbeddedMailbox() if settings.embedded else NoMailer()
