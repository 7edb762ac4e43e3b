"""People at a browser, and the mail they get."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lift.accounts import passwords, service
from lift.kernel.settings import Settings
from lift.notifications.models import MailMessage

PASSWORD = "a lantern over the harbour"
EMAIL = "ada@example.org"


class Browser:
    """A browser with its own cookies."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def sign_up(self, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
        return self.client.post("/sign-up", data={"email": email, "password": password})

    def log_in(self, email: str = EMAIL, password: str = PASSWORD, wanted: str = "") -> TestResponse:
        return self.client.post("/log-in", query_string={"next": wanted}, data={"email": email, "password": password})

    def post(self, path: str, **fields: str) -> TestResponse:
        return self.client.post(path, data=fields)

    def is_in(self) -> bool:
        """Whether the account page opens."""
        return self.client.get("/account").status_code == 200


class Post:
    """What the mails of this test say."""

    def __init__(self, session: Session, base: str) -> None:
        self.session = session
        self.base = base

    def kinds(self, to: str = EMAIL) -> list[str]:
        statement = select(MailMessage.kind).where(MailMessage.to_address == to).order_by(MailMessage.id)
        return list(self.session.execute(statement).scalars())

    def link(self, kind: str, to: str = EMAIL) -> str:
        """The path of the newest mail's link to something that a token opens."""
        text = self.session.execute(
            select(MailMessage.body_text)
            .where(MailMessage.kind == kind, MailMessage.to_address == to)
            .order_by(MailMessage.id.desc())
            .limit(1)
        ).scalar_one()
        found = re.search(re.escape(self.base) + r"(/\w+/[\w-]{20,})", text)
        assert found is not None
        return found[1]


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def other_browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def post(session: Session, settings: Settings) -> Post:
    return Post(session, settings.base_url)


@pytest.fixture
def verified(session: Session, settings: Settings, now: datetime) -> str:
    """The address of an account whose mailbox is proved."""
    service.sign_up(session, settings, EMAIL, PASSWORD, now, "a test")
    token = Post(session, settings.base_url).link("verify").rpartition("/")[2]
    service.verify(session, settings, service.verification_link(session, token, now), token, now)
    session.commit()
    return EMAIL


class Door:
    """Logging in without a browser."""

    def __init__(self, session: Session, settings: Settings, now: datetime) -> None:
        self.session, self.settings, self.now = session, settings, now

    def log_in(self, email: str = EMAIL, password: str = PASSWORD, user_agent: str = "") -> str:
        """The new session's token; ``Invalid`` for whatever was wrong."""
        found = service.credentials(self.session, email)
        tried = passwords.compare(found.password_hash, password)
        return service.log_in(self.session, self.settings, found.account_id, tried, self.now, user_agent)


@pytest.fixture
def door(session: Session, settings: Settings, now: datetime) -> Door:
    return Door(session, settings, now)
