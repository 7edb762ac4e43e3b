"""What a person does: sends a report, takes it back. The checks and the reward follow in the same transaction."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from billing import operators
from lift.accounts import leaving, zones
from lift.accounts.people import contact
from lift.catalog import queries as catalog
from lift.catalog.choices import loop_choices
from lift.kernel.errors import Denied, Invalid, NotFound, RateLimited
from lift.kernel.ids import uuid7
from lift.notifications.service import notify, send_mail
from lift.questions.models import Question
from lift.submissions import settling, trail
from lift.submissions.guarding import guard
from lift.submissions.ladder import Act, State, Who
from lift.submissions.models import Report, ReportDraft, ReportedQuestion
from lift.submissions.orphans import forget_orphans
from lift.submissions.placing import Place
from lift.submissions.reasons import words as in_words
from lift.submissions.recency import month_of
from lift.submissions.screening import LONGEST_WINDOW, PER_ACCOUNT, PER_NETWORK, Claim, Known, screen, wait_for

REWARD_REASON = "thanks for your report"
"""Stands in “You have full access: …”."""


@dataclass(frozen=True)
class Sending:
    """A report as it is sent."""

    question_id: UUID | None
    """A question of the bank; None for one that is not in it."""
    company: str
    role: str
    round: str
    month: date
    level: str | None = None
    level_code: str | None = None
    org: str | None = None
    outcome: str | None = None
    own_month: bool = False
    words: str = ""
    tested: str = ""

    @property
    def claim(self) -> Claim:
        """What the checks look at."""
        return Claim(self.company, self.role, self.round, self.month, self.level, self.level_code, self.org, self.words)


def send(
    session: Session, account_id: UUID, sending: Sending, network: bytes | None, now: datetime, *, base_url: str
) -> Report:
    """Take a report in, check it, reward it once a month, and count it.

    ``Invalid`` for text that the guard refuses, ``RateLimited`` after too many, ``NotFound`` for an unknown question.
    """
    account = leaving.locked(session, account_id)
    if account is None or account.email_verified_at is None:
        raise Denied("Confirm your e-mail address before you report.")
    _within_rates(session, account_id, network, now)
    sent = _guarded(session, replace(sending, month=month_of(sending.month)))
    names_question = sent.question_id is not None
    place = Place(sent.question_id, None if names_question else _new_reported(session, sent, now))
    settling.hold(session, [place])
    refusals = screen(sent.claim, _known(session, account_id, sent), now, names_question=names_question)
    report = _written(session, account_id, sent, place, network, now)
    trail.note(session, report, trail.SENT, Who.PERSON, now)
    if refusals:
        trail.take(session, report, Act.FAIL, now, reasons=refusals)
    else:
        trail.take(session, report, Act.PASS, now)
        reward(session, report, now)
        settling.settle(session, [place], now)
    session.execute(delete(ReportDraft).where(ReportDraft.account_id == account_id))
    _tell(session, report, list(refusals), now, base_url)
    return report


def withdraw(session: Session, account_id: UUID, report_id: UUID, now: datetime) -> None:
    """Take one's own report back: its text goes, and it stops counting. NotFound for somebody else's."""
    report = held(session, report_id, account_id=account_id)
    trail.take(session, report, Act.WITHDRAW, now)
    report.words = report.tested = ""
    report.network = None
    session.flush()
    settling.settle(session, [settling.place(report)], now)


def forget_account(session: Session, account_id: UUID, now: datetime) -> None:
    """Delete a person's reports, and with them what they counted for: nobody could check them any more."""
    places = [
        settling.place(report)
        for report in session.execute(select(Report).where(Report.account_id == account_id)).scalars()
    ]
    settling.hold(session, places)
    session.execute(delete(Report).where(Report.account_id == account_id))
    settling.settle(session, places, now)
    forget_orphans(session)


def held(session: Session, report_id: UUID, *, account_id: UUID | None = None, also: Place | None = None) -> Report:
    """A report, locked after the question that it counts for (and after ``also``). NotFound; of others too."""
    found = session.get(Report, report_id)
    if found is None or (account_id is not None and found.account_id != account_id):
        raise NotFound("There is no such report.")
    places = [settling.place(found), *([also] if also else [])]
    settling.hold(session, places)
    statement = select(Report).where(Report.id == report_id).with_for_update()
    report = session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if report is None:
        raise NotFound("There is no such report.")
    if settling.place(report) != places[0]:
        # It was merged between the two looks: what is locked is the question that it counted for.
        return held(session, report_id, account_id=account_id, also=also)
    return report


def reward(session: Session, report: Report, now: datetime) -> None:
    """Seven days of everything, once a calendar month; the trail says whether."""
    given = operators.reward(session, report.account_id, REWARD_REASON, now)
    until = (now + operators.REWARD).isoformat() if given else None
    trail.note(session, report, trail.REWARD, Who.CHECKS, now, until=until)


def _within_rates(session: Session, account_id: UUID, network: bytes | None, now: datetime) -> None:
    since = Report.created_at > now - LONGEST_WINDOW
    of_account = session.execute(select(Report.created_at).where(Report.account_id == account_id, since)).scalars()
    wait = wait_for(PER_ACCOUNT, of_account.all(), now)
    if network is not None:
        of_network = session.execute(select(Report.created_at).where(Report.network == network, since)).scalars()
        wait = max(wait, wait_for(PER_NETWORK, of_network.all(), now))
    if wait:
        raise RateLimited("You have sent many reports lately. Your draft is kept.", retry_after=wait)


def _guarded(session: Session, sending: Sending) -> Sending:
    """With masked texts, and with the common level of the company's code."""
    words, tested = guard(sending.words.strip()), guard(sending.tested.strip())
    for refusal in (*words.refusals, *tested.refusals):
        raise Invalid(refusal)
    level = sending.level
    if sending.level_code and level is None:
        chosen = loop_choices(session, sending.company).level(sending.level_code)
        level = chosen.common if chosen else None
    return replace(sending, words=words.text, tested=tested.text, level=level)


def _known(session: Session, account_id: UUID, sent: Sending) -> Known:
    choices = loop_choices(session, sent.company)
    mine = select(Report.id).where(
        Report.account_id == account_id, Report.state.not_in([State.WITHDRAWN, State.REFUSED])
    )
    same = mine.where(Report.question_id == sent.question_id, Report.month == sent.month)
    same_words = mine.where(func.lower(Report.words) == sent.words.lower(), Report.month == sent.month)
    return Known(
        company=choices.known,
        roles={slug for slug, _ in catalog.roles(session)},
        rounds={slug for slug, _ in choices.rounds},
        levels={slug for slug, _ in catalog.levels(session, None)},
        codes={level.code for level in choices.levels},
        orgs={slug for slug, _ in choices.orgs},
        question=sent.question_id is None or _is_live(session, sent.question_id),
        same_report=sent.question_id is not None and session.execute(same.limit(1)).first() is not None,
        same_words=bool(sent.words) and session.execute(same_words.limit(1)).first() is not None,
    )


def _is_live(session: Session, question_id: UUID) -> bool:
    """Whether the question is in the bank; NotFound for one that never was."""
    found = session.execute(select(Question.retired_at).where(Question.id == question_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such question.")
    return found.retired_at is None


def _new_reported(session: Session, sent: Sending, now: datetime) -> UUID:
    row = ReportedQuestion(
        id=uuid7(),
        company_slug=sent.company,
        role_slug=sent.role,
        round_kind=sent.round,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def _written(
    session: Session, account_id: UUID, sent: Sending, place: Place, network: bytes | None, now: datetime
) -> Report:
    report = Report(
        id=uuid7(),
        account_id=account_id,
        sent_for_question_id=place.question_id,
        sent_for_reported_id=place.reported_id,
        question_id=place.question_id,
        reported_id=place.reported_id,
        company_slug=sent.company,
        role_slug=sent.role,
        org_slug=sent.org,
        level=sent.level,
        level_code=sent.level_code,
        round_kind=sent.round,
        month=sent.month,
        own_month=sent.own_month,
        outcome=sent.outcome,
        words=sent.words,
        tested=sent.tested,
        network=network,
        state=State.RECEIVED,
        created_at=now,
    )
    session.add(report)
    session.flush()
    return report


def _tell(session: Session, report: Report, refusals: list[str], now: datetime, base_url: str) -> None:
    """A mail and a notice, whether it passed or not."""
    person = contact(session, report.account_id)
    if person is None:
        return
    rewards = [event.details.get("until") for event in trail.of(session, report.id) if event.act == trail.REWARD]
    until = next((datetime.fromisoformat(moment) for moment in rewards if moment), None)
    kind = "report_refused" if refusals else "report_received"
    text = "Your report was not taken: see why." if refusals else "Your report passed the automatic checks and counts."
    if until:
        text += f" Everything is open to you until {zones.moment_in(until, person.timezone)}."
    href = f"/reports/{report.id}"
    context = {
        "report": f"{base_url}{href}",
        "reasons": in_words(refusals),
        "until": zones.moment_in(until, person.timezone) if until else None,
    }
    key = f"report:{report.id}:sent"
    notify(session, account_id=report.account_id, kind=kind, effect_key=key, text=text, href=href, now=now)
    send_mail(session, report.account_id, person.email, kind, key, context, now)
