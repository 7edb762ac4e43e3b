"""Page × state of access, written out: what each kind of person meets on every page, whatever its code declares.

A new page fails here until it has a line.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from billing.access import Access, State
from lift.interviews import service as interviews
from lift.kernel.ids import uuid7
from lift.notifications.service import send_mail
from lift.questions import uploads
from lift.shelf.service import make_list
from lift.web.guards import Guard
from tests.factories import SignedIn, a_loop, a_question, an_account
from tests.submissions.reporting import Reporters
from tests.web.desk_things import desk_things

STATES: dict[State, str] = {
    State.ANONYMOUS: "visitor",
    State.UNVERIFIED: "unverified",
    State.HELD: "on hold",
    State.DELETED: "shut out",
    State.LEAVING: "leaving",
    State.PAUSED: "reader",
    State.PAST_DUE_LOCKED: "reader",
    State.EXPIRED: "reader",
    State.TRIAL_EXPIRED: "reader",
    State.COMPED: "practising",
    State.ACTIVE: "practising",
    State.CONVERTED_TRIAL: "practising",
    State.CANCELING: "practising",
    State.PAST_DUE_GRACE: "practising",
    State.TRIALING: "practising",
}
KINDS = ("visitor", "unverified", "shut out", "leaving", "on hold", "reader", "practising")

LOG_IN = "log in, then here"
ITSELF = "/practice/<uuid:answer_id>"
Line = tuple[int | str, int | str, int | str, int | str, int | str, int | str, int | str]


def all_alike(answer: int | str) -> Line:
    return (answer,) * 7


# A number is the status; a word is the address of a 303, or LOG_IN.
# fmt: off
PAGES: dict[str, Line] = {
    #                                    visitor     unverified  shut out    leaving     on hold     reader      practising
    "/":                                 all_alike(200),
    "/account":                          (LOG_IN,     200,        200,        200,        200,        200,        200),
    "/account/delete":                   (LOG_IN,     "/verify",  200,        200,        200,        200,        200),
    # Who is on hold may be charged all the same: how it stands, the bills and the way out are open.
    "/billing":                          (LOG_IN,     "/verify",  "/account", "/account", 200,        200,        200),
    "/billing/checkout":                 (LOG_IN,     "/verify",  "/account", "/account", "/account", "/pricing", "/pricing"),
    "/billing/invoices":                 (LOG_IN,     "/verify",  "/account", "/account", 200,        200,        200),
    "/billing/plan":                     (LOG_IN,     "/verify",  "/account", "/account", "/account", "/billing", "/billing"),
    "/billing/return":                   (LOG_IN,     "/verify",  "/account", "/account", "/account", "/billing", "/billing"),
    "/debriefs/<uuid:answer_id>/correct": (LOG_IN,    "/verify", "/account", "/account", "/account", "/billing", "/debriefs/<uuid:answer_id>"),
    "/debriefs/<uuid:answer_id>":        (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    # Nobody here runs the place: to everybody else there is no such page.
    "/desk":                             all_alike(404),
    "/desk/accounts":                    all_alike(404),
    "/desk/accounts/<uuid:account_id>":  all_alike(404),
    "/desk/audit":                       all_alike(404),
    "/desk/events":                      all_alike(404),
    "/desk/numbers":                     all_alike(404),
    "/desk/questions":                   all_alike(404),
    "/desk/reviews":                     all_alike(404),
    "/desk/reviews/agreement":           all_alike(404),
    "/desk/reviews/problems":            all_alike(404),
    "/desk/reviews/questions/<slug>":    all_alike(404),
    "/desk/reviews/reported/<uuid:reported_id>": all_alike(404),
    "/desk/reviews/reported/<uuid:reported_id>/question": all_alike(404),
    "/desk/reviews/reports/<uuid:report_id>": all_alike(404),
    "/desk/reviews/takedowns":           all_alike(404),
    "/desk/reviews/takedowns/<uuid:takedown_id>": all_alike(404),
    "/desk/questions/export":            all_alike(404),
    "/desk/questions/imports/<uuid:upload_id>": all_alike(404),
    "/dev/components":                   all_alike(200),
    "/dev/mail":                         all_alike(200),
    "/dev/mail/<uuid:message_id>":       all_alike(200),
    "/forgot":                           all_alike(200),
    "/forgot/sent":                      all_alike(200),
    "/home":                             (LOG_IN,     200,        200,        200,        200,        200,        200),
    "/lists":                            (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/lists/<uuid:list_id>":             (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/livez":                            all_alike(200),
    "/loops":                            (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/loops/<uuid:loop_id>":             (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/loops/new":                        (LOG_IN,     "/verify",  "/account", "/account", "/account", "/billing", "/loops"),
    "/log-in":                           (200,        200,        "/home",    "/home",    "/home",    "/home",    "/home"),
    "/metrics":                          all_alike(404),
    "/notices":                          (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/onboarding":                       (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/practice":                         (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/practice/<uuid:answer_id>":        (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/practice/<uuid:answer_id>/events": (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/pricing":                          all_alike(200),
    "/privacy":                          all_alike(200),
    "/provenance":                       all_alike(200),
    "/question-bank":                    all_alike(200),
    "/question-bank/<company>":          all_alike(200),
    "/question-bank/<company>/<role>":   all_alike(200),
    "/question-bank/competencies/<competency>": all_alike(200),
    "/question-bank/topics/<topic>":     all_alike(200),
    "/questions":                        (LOG_IN,     "/verify",  "/account", "/account", "/account", "/billing", 200),
    "/questions/<slug>":                 (LOG_IN,     "/verify",  "/account", "/account", "/account", "/billing", 200),
    "/questions/<slug>/lists":           (LOG_IN,     "/verify",  "/account", "/account", "/account", "/billing", 200),
    "/readyz":                           all_alike(503),  # no worker runs beside this test
    "/reports":                          (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/reports/<uuid:report_id>":         (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/reports/check":                    (LOG_IN,     "/verify",  "/account", "/reports/new", "/account", "/reports/new", "/reports/new"),
    "/reports/new":                      (LOG_IN,     "/verify",  "/account", 200,        "/account", 200,        200),
    "/reset/<token>":                    all_alike(410),
    "/robots.txt":                       all_alike(200),
    "/scoring":                          all_alike(200),
    "/sign-up":                          (200,        "/home",    "/home",    "/home",    "/home",    "/home",    "/home"),
    "/sitemap-<int:number>.xml":         all_alike(200),
    "/sitemap.xml":                      all_alike(200),
    "/take-down/<slug>":                 all_alike(200),
    "/terms":                            all_alike(200),
    "/verify":                           (LOG_IN,     200,        "/home",    "/home",    "/home",    "/home",    "/home"),
    "/verify/<token>":                   all_alike(410),
}
# What is posted is nothing, or wrong: 422, 400 and 404 mean that the person was let in to be told so.
ACTS: dict[str, Line] = {
    #                                            visitor     unverified  shut out    leaving     on hold     reader      practising
    "/account/delete":                           ("/log-in",  "/verify",  422,        422,        422,        422,        422),
    "/account/delete/undo":                      ("/log-in",  "/verify",  "/account", "/account", "/account", "/account", "/account"),
    "/account/sessions/<uuid:session_id>/end":   ("/log-in",  404,        404,        404,        404,        404,        404),
    "/account/time-zone":                        ("/log-in",  "/verify",  "/account", 400,        "/account", 400,        400),
    "/billing/cancel":                           ("/log-in",  "/verify",  "/account", "/account", "/billing", "/billing", "/billing"),
    "/billing/card":                             ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", "/billing"),
    "/billing/checkout":                         ("/log-in",  "/verify",  "/account", "/account", "/account", 400,        400),
    "/billing/pause":                            ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", "/billing"),
    "/billing/plan":                             ("/log-in",  "/verify",  "/account", "/account", "/account", 400,        400),
    "/billing/resume":                           ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", "/billing"),
    "/billing/retry":                            ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", "/billing"),
    "/billing/undo":                             ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", "/billing"),
    "/debriefs/<uuid:answer_id>/correct":       ("/log-in", "/verify", "/account", "/account", "/account", "/billing", 409),
    "/debriefs/<uuid:answer_id>/again":          ("/log-in",  "/verify",  "/account", 409,        "/account", 409,        409),
    "/desk/accounts/<uuid:account_id>/acts":     all_alike(404),
    "/desk/accounts/<uuid:account_id>/refund":   all_alike(404),
    "/desk/events/replay":                       all_alike(404),
    "/desk/questions/import":                    all_alike(404),
    "/desk/reviews/problems/<uuid:problem_id>/close": all_alike(404),
    "/desk/reviews/questions/<slug>": all_alike(404),
    "/desk/reviews/questions/<slug>/restore/<uuid:revision_id>": all_alike(404),
    "/desk/reviews/reported/<uuid:reported_id>": all_alike(404),
    "/desk/reviews/reported/<uuid:reported_id>/part": all_alike(404),
    "/desk/reviews/reported/<uuid:reported_id>/question": all_alike(404),
    "/desk/reviews/reported/<uuid:reported_id>/restore/<uuid:wording_id>": all_alike(404),
    "/desk/reviews/reports/<uuid:report_id>/decline": all_alike(404),
    "/desk/reviews/reports/<uuid:report_id>/let-go": all_alike(404),
    "/desk/reviews/reports/<uuid:report_id>/merge": all_alike(404),
    "/desk/reviews/reports/<uuid:report_id>/merges/<uuid:merge_id>/undo": all_alike(404),
    "/desk/reviews/reports/<uuid:report_id>/overrule": all_alike(404),
    "/desk/reviews/reports/<uuid:report_id>/take": all_alike(404),
    "/desk/reviews/reports/<uuid:report_id>/undo": all_alike(404),
    "/desk/reviews/reports/<uuid:report_id>/verify": all_alike(404),
    "/desk/reviews/several": all_alike(404),
    "/desk/reviews/takedowns/<uuid:takedown_id>": all_alike(404),
    "/desk/questions/imports/<uuid:upload_id>":  all_alike(404),
    "/forgot":                                   all_alike(422),
    "/lists":                                    ("/log-in",  "/verify",  "/account", 422,        "/account", 422,        422),
    "/lists/<uuid:list_id>":                     ("/log-in",  "/verify",  "/account", 422,        "/account", 422,        422),
    "/lists/<uuid:list_id>/delete":              ("/log-in",  "/verify",  "/account", "/lists",   "/account", "/lists",   "/lists"),
    "/lists/<uuid:list_id>/questions/<slug>/take-out": ("/log-in", "/verify", "/account", 404,    "/account", 404,        404),
    "/log-in":                                   all_alike(422),
    "/log-out":                                  all_alike("/log-in"),
    "/loops/<uuid:loop_id>/rounds/<int:number>": ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", ITSELF),
    "/loops/new":                                ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", "/loops"),
    "/notices/read":                             ("/log-in",  "/verify",  "/account", "/notices", "/account", "/notices", "/notices"),
    "/onboarding":                               ("/log-in",  "/verify",  "/account", 422,        "/account", 422,        422),
    "/practice/<uuid:answer_id>":                ("/log-in",  "/verify",  "/account", 422,        "/account", 422,        422),
    "/practice/<uuid:answer_id>/save":           ("/log-in",  "/verify",  "/account", ITSELF,     "/account", ITSELF,     ITSELF),
    "/practice/start":                           ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", 404),
    "/questions/<slug>/lists":                   ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", "/questions/<slug>"),
    "/questions/<slug>/hints":                   ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", 422),
    "/questions/<slug>/outline":                 ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", "/questions/<slug>#answers"),
    "/questions/<slug>/points/<int:number>":     ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", "/questions/<slug>#point-2"),
    "/questions/<slug>/problems":                ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", 422),
    "/questions/<slug>/sentence":                ("/log-in",  "/verify",  "/account", "/account", "/account", "/billing", 422),
    "/reports/<uuid:report_id>/withdraw":        ("/log-in",  "/verify",  "/account", "/reports/<uuid:report_id>", "/account", "/reports/<uuid:report_id>", "/reports/<uuid:report_id>"),
    "/reports/check":                            ("/log-in",  "/verify",  "/account", "/reports/new?elsewhere=1", "/account", "/reports/new?elsewhere=1", "/reports/new?elsewhere=1"),
    "/reports/draft":                            ("/log-in",  "/verify",  "/account", "/reports/new", "/account", "/reports/new", "/reports/new"),
    "/reports/draft/drop":                       ("/log-in",  "/verify",  "/account", "/reports", "/account", "/reports", "/reports"),
    "/reports/pick":                             ("/log-in",  "/verify",  "/account", "/reports/new", "/account", "/reports/new", "/reports/new"),
    "/reports/send":                             ("/log-in",  "/verify",  "/account", "/reports/new", "/account", "/reports/new", "/reports/new"),
    "/reset/<token>":                            all_alike(422),
    "/sign-up":                                  (422,        "/home",    "/home",    "/home",    "/home",    "/home",    "/home"),
    "/take-down/<slug>":                         all_alike(422),
    "/verify":                                   ("/log-in",  "/verify",  "/verify",  "/verify",  "/verify",  "/verify",  "/verify"),
    "/verify/<token>":                           all_alike(410),
    "/webhooks/stripe":                          all_alike(400),
}
# fmt: on
WRONG = {"company": "no-such-company", "question": "no-such-question", "timezone": "no/such/zone"}


@dataclass
class World:
    """An app in which everybody is in one state of access, with something of their own on every page."""

    app: Flask
    state: State
    names: dict[str, str] = field(default_factory=dict)

    def address(self, rule: str) -> str:
        for placeholder, value in self.names.items():
            rule = rule.replace(placeholder, value)
        return rule

    def differences(self) -> list[tuple[str, str, object, object]]:
        """(method, rule, what was met, what the table says) wherever the two differ."""
        column = KINDS.index(STATES[self.state])
        found = []
        for method, table in (("GET", PAGES), ("POST", ACTS)):
            for rule, line in table.items():
                address = self.address(rule)
                data = WRONG if method == "POST" else None
                reply = self.app.test_client().open(address, method=method, data=data)
                met = self.met(reply, address)
                reply.close()
                if met != line[column]:
                    found.append((method, rule, met, line[column]))
        return found

    def met(self, reply: TestResponse, address: str) -> int | str:
        if reply.status_code != 303:
            return reply.status_code
        if reply.location == f"/log-in?next={address}":
            return LOG_IN
        location = str(reply.location)
        for placeholder in ("<uuid:answer_id>", "<uuid:report_id>", "<slug>"):
            location = location.replace(self.names[placeholder], placeholder)
        return location


def world(app: Flask, session: Session, now: datetime, state: State) -> World:
    account = an_account(session, now, verified=state is not State.UNVERIFIED)
    question = a_question(session)
    answer = interviews.begin(session, account.id, question, now)
    loop = a_loop(session, account, now, [question])
    report = Reporters(session, now).send(question, by=account) if account.email_verified_at else None
    mail = send_mail(session, account.id, account.email, "reset", "a key", {"link": "/"}, now)
    mine = make_list(session, account.id, "Mine", now)
    things = desk_things(session, now)
    upload = uploads.keep(session, b"a file", name="a.csv", take_over=False, who=account.email, now=now)
    session.commit()

    @app.before_request
    def _state() -> None:
        g.access = Access(state, "as this test says", None)
        if state is not State.ANONYMOUS:
            g._login_user = SignedIn(account)

    names: dict[str, UUID | str | None] = {
        **things,
        "<uuid:account_id>": account.id,
        "<uuid:answer_id>": answer.id,
        "<uuid:list_id>": mine,
        "<uuid:loop_id>": loop.id,
        "<uuid:message_id>": mail,
        "<uuid:report_id>": report.id if report else uuid7(),
        "<uuid:session_id>": uuid7(),
        "<uuid:upload_id>": upload.id,
        "<company>": "microsoft",
        "<competency>": "idempotency-keys",
        "<int:number>": "1",
        "<role>": "backend-engineer",
        "<slug>": question.slug,
        "<token>": "x" * 43,
        "<topic>": "api-design",
    }
    return World(app, state, {placeholder: str(value) for placeholder, value in names.items()})


def routes(app: Flask, method: str) -> set[str]:
    rules: Any = app.url_map.iter_rules()
    return {rule.rule for rule in rules if method in rule.methods and rule.endpoint != "static"}


def test_every_page_and_every_act_has_a_line(app: Flask) -> None:
    assert routes(app, "GET") == set(PAGES)
    assert routes(app, "POST") == set(ACTS)
    assert set(STATES) == set(State)
    assert routes(app, "PUT") | routes(app, "PATCH") | routes(app, "DELETE") == set()


@pytest.mark.parametrize("state", list(State))
def test_everybody_meets_what_the_table_says(app: Flask, session: Session, now: datetime, state: State) -> None:
    assert world(app, session, now, state).differences() == []


def test_a_page_that_is_open_by_mistake_is_found(app: Flask, session: Session, now: datetime) -> None:
    """Each guarded view without its guard, as if it had been marked as public."""
    opened = {
        endpoint: view
        for endpoint, view in app.view_functions.items()
        if getattr(view, "__guard__", Guard.PUBLIC) not in (Guard.PUBLIC, Guard.EMBEDDED, Guard.ANONYMOUS, Guard.SIGNED)
    }
    visit = world(app, session, now, State.ANONYMOUS)
    for endpoint, view in opened.items():
        app.view_functions[endpoint] = view.__wrapped__  # type: ignore[attr-defined]  # set by functools.wraps
    found = {(method, rule) for method, rule, _, _ in visit.differences()}
    # Logging out leads a visitor to the same page either way.
    expected = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint in opened and rule.endpoint != "accounts.log_out"
        for method in ("GET", "POST")
        if method in (rule.methods or set())
    }
    assert found == expected
