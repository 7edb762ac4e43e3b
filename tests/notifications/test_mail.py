"""The mailers: what goes over the wire, and what cannot."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from lift.kernel.errors import Unavailable
from lift.kernel.ids import uuid7
from lift.kernel.settings import Settings
from lift.providers.mail import EmbeddedMailbox, Letter, NoMailer, SmtpMailer, compose, make_mailer

LETTER = Letter(uuid7(), "ada@example.org", "Confirm – your address", "Hello ✓\n", "<p>Hello ✓</p>")
FROM = "Interview Lift <hello@lift.example>"


class MailServer(threading.Thread):
    """Speaks enough SMTP to take one mail."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.received = b""

    def run(self) -> None:
        peer, _ = self.listening.accept()
        with peer, peer.makefile("rwb", buffering=0) as wire:
            wire.write(b"220 test\r\n")
            for line in iter(wire.readline, b""):
                word = line[:4].upper()
                if word == b"DATA":
                    wire.write(b"354 go on\r\n")
                    for part in iter(wire.readline, b".\r\n"):
                        self.received += part
                elif word == b"QUIT":
                    wire.write(b"221 bye\r\n")
                    return
                wire.write(b"250 ok\r\n")


@pytest.fixture
def server() -> Iterator[MailServer]:
    running = MailServer()
    running.start()
    yield running
    running.listening.close()
    running.join(5)


def test_a_mail_arrives_with_text_and_html(server: MailServer) -> None:
    SmtpMailer(f"smtp://127.0.0.1:{server.port}?tls=none", FROM).send(LETTER)
    server.join(5)
    got = message_from_bytes(server.received, policy=policy.default)
    assert (got["To"], got["Subject"]) == ("ada@example.org", LETTER.subject)
    assert got["Message-ID"] == f"<{LETTER.id}@lift.example>"
    assert [part.get_content_type() for part in got.iter_parts()] == ["text/plain", "text/html"]
    text = got.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == LETTER.text


def test_without_tls_nothing_is_sent_unless_it_was_asked_for(server: MailServer) -> None:
    with pytest.raises(Unavailable):
        SmtpMailer(f"smtp://ada:secret@127.0.0.1:{server.port}", FROM).send(LETTER)
    assert server.received == b""


def test_a_server_that_is_away_is_said_so_without_its_password() -> None:
    with pytest.raises(Unavailable) as refused:
        SmtpMailer("smtp://ada:secret@127.0.0.1:1", FROM).send(LETTER)
    assert "secret" not in str(refused.value)
    assert isinstance(refused.value.__cause__, OSError | smtplib.SMTPException)


@pytest.mark.parametrize("field", ["to", "subject"])
@pytest.mark.parametrize("end", ["\r\nBcc: eve@example.org", "\nX-Evil: 1", "\rX: 1", "\x00", "\x7f"])
def test_nothing_can_add_a_header(field: str, end: str) -> None:
    with pytest.raises(ValueError, match=r"control characters"):
        compose(replace(LETTER, **{field: getattr(LETTER, field) + end}), FROM)
    with pytest.raises(ValueError, match=r"control characters"):
        compose(LETTER, FROM + end)


def test_the_settings_choose_the_mailer() -> None:
    assert isinstance(make_mailer(Settings(embedded=True)), EmbeddedMailbox)
    assert isinstance(make_mailer(Settings(embedded=True, smtp_url="smtp://localhost")), SmtpMailer)
    nowhere = make_mailer(Settings(embedded=False))
    assert isinstance(nowhere, NoMailer)
    with pytest.raises(Unavailable, match="LIFT_SMTP_URL"):
        nowhere.send(LETTER)


@pytest.mark.parametrize("url", ["localhost:25", "http://localhost", "smtp://"])
def test_a_mail_address_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="LIFT_SMTP_URL"):
        SmtpMailer(url, FROM)
