"""The mailers: what goes over the wire, and what cannot."""

import socket
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
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
    """Speaks enough SMTP to take one mail; gives other ``answers``, or drips bytes for ever where told."""

    def __init__(self, answers: Mapping[bytes, bytes] | None = None, drips_at: bytes | None = None) -> None:
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.answers = answers or {}
        self.drips_at = drips_at
        self.received = b""

    def end(self) -> None:
        """Stop listening; the thread is over."""
        self.listening.close()
        self.join(5)

    def run(self) -> None:
        peer, _ = self.listening.accept()
        with suppress(OSError), peer, peer.makefile("rwb", buffering=0) as wire:
            if self.drips_at == b"":
                self._drip(peer)
                return
            wire.write(b"220 test\r\n")
            for line in iter(wire.readline, b""):
                word = line[:4].upper()
                if word == self.drips_at:
                    self._drip(peer)
                    return
                if word in self.answers:
                    wire.write(self.answers[word] + b"\r\n")
                    continue
                if word == b"DATA":
                    wire.write(b"354 go on\r\n")
                    for part in iter(wire.readline, b".\r\n"):
                        self.received += part
                elif word == b"QUIT":
                    wire.write(b"221 bye\r\n")
                    return
                wire.write(b"250 ok\r\n")

    def _drip(self, peer: socket.socket) -> None:
        """Part of an answer that never ends, until the other side hangs up."""
        peer.settimeout(0.05)
        while True:
            peer.sendall(b"2")
            with suppress(TimeoutError):
                if not peer.recv(1000):
                    return


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
    assert str(refused.value) == "The mail server did not take the mail (ConnectionRefusedError)."
    assert refused.value.__cause__ is None


def test_a_refused_address_is_not_repeated_in_the_error() -> None:
    refusing = MailServer(answers={b"RCPT": b"550 5.1.1 <ada@example.org> unknown"})
    refusing.start()
    with pytest.raises(Unavailable) as refused:
        SmtpMailer(f"smtp://127.0.0.1:{refusing.port}?tls=none", FROM).send(LETTER)
    refusing.end()
    assert "ada" not in "".join(traceback.format_exception(refused.value))
    assert "SMTPRecipientsRefused" in str(refused.value)


@pytest.mark.parametrize("slow", [b"", b"MAIL", b"DATA"])
def test_a_server_that_speaks_a_byte_now_and_then_is_cut_off_at_the_deadline(slow: bytes) -> None:
    dripping = MailServer(drips_at=slow)
    dripping.start()
    started = time.monotonic()
    with pytest.raises(Unavailable, match=r"within 0\.5 seconds"):
        SmtpMailer(f"smtp://127.0.0.1:{dripping.port}?tls=none", FROM, deadline=0.5).send(LETTER)
    assert time.monotonic() - started < 3
    dripping.join(5)
    assert not dripping.is_alive(), "the talk was hung up"
    assert dripping.received == b""
    dripping.end()


def test_a_mail_that_was_taken_is_sent_though_the_goodbye_fails() -> None:
    rude = MailServer(answers={b"QUIT": b"421 no"})
    rude.start()
    SmtpMailer(f"smtp://127.0.0.1:{rude.port}?tls=none", FROM).send(LETTER)
    rude.end()
    assert rude.received


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
