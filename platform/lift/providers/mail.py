"""The mail port: over SMTP, or into the mailbox of the embedded stack, which is the table of messages itself."""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
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
DEADLINE = 12.0
"""Seconds for the whole talk; less than a job's lease, else another worker would send the mail again."""


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

    def __init__(self, url: str, mail_from: str, deadline: float = DEADLINE) -> None:
        self._url = urlsplit(url)
        if self._url.scheme not in ("smtp", "smtps") or not self._url.hostname:
            raise ValueError("LIFT_SMTP_URL must look like smtp://user:password@host:587")
        self._from = mail_from
        self._deadline = deadline

    def send(self, letter: Letter) -> None:
        talk = _Talk(self._url, compose(letter, self._from))
        talk.start()
        talk.join(self._deadline)
        if talk.is_alive():
            talk.cut_off()
            raise Unavailable(f"The mail server did not take the mail within {self._deadline:g} seconds.")
        if talk.error is not None:
            # Neither its text nor its trace: a mail server's answer quotes the address.
            raise Unavailable(f"The mail server did not take the mail ({_kind(talk.error)}).")


def _kind(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


class _Talk(threading.Thread):
    """One talk with the mail server, in a thread of its own so that it can be cut off.

    Time-outs of a socket bound each step; a server that says a byte now and then, or a slow name server, would
    take minutes.
    """

    def __init__(self, url: SplitResult, message: EmailMessage) -> None:
        super().__init__(name="smtp", daemon=True)
        self.error: Exception | None = None
        self._url = url
        self._message = message
        self._server = _Server(url)
        self._cut = False

    def run(self) -> None:
        try:
            self._say()
        except Exception as error:  # whatever it is, the thread that waits has to know
            self.error = error

    def cut_off(self) -> None:
        """Nothing is sent from now on."""
        self._cut = True
        self._server.hang_up()

    def _say(self) -> None:
        url = self._url
        try:
            self._server.connect(url.hostname or "", url.port or (465 if url.scheme == "smtps" else 587))
            if url.scheme == "smtp" and "tls=none" not in url.query:
                self._server.starttls(context=ssl.create_default_context())
            if url.username:
                self._server.login(unquote(url.username), unquote(url.password or ""))
            if self._cut:
                return
            self._server.send_message(self._message)
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        finally:
            self._server.close()


class _Server(smtplib.SMTP):
    """smtplib's client, whose socket can be reached while it still waits for the greeting."""

    def __init__(self, url: SplitResult) -> None:
        super().__init__(timeout=TIMEOUT)
        self._url = url
        self._host = url.hostname or ""  # the name that starttls checks the certificate against

    def connect(self, host: str = "localhost", port: int = 0, source_address: object = None) -> tuple[int, bytes]:
        """Connect, with TLS from the first byte for smtps, and read the greeting."""
        self.sock = socket.create_connection((host, port), timeout=TIMEOUT)
        if self._url.scheme == "smtps":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=host)
        self.file = None
        code, greeting = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, greeting)
        return code, greeting

    def hang_up(self) -> None:
        """End the talk from another thread."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


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
