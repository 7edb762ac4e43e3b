"""Keeps what follows from the reports of a question beside them: who corroborates whom, and its provenance.

Both are pure functions of the reports and the moment; here they are only compared with what is stored, and written
where they differ.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from lift.notifications.service import notify
from lift.questions import rollups
from lift.questions.models import Question
from lift.submissions import trail
from lift.submissions.ladder import Act, State
from lift.submissions.models import Report, ReportedQuestion
from lift.submissions.placing import Place
from lift.submissions.provenance import UNREPORTED, Fact, Provenance, corroborated, provenance, standing
from lift.submissions.recency import counts


def place(report: Report) -> Place:
    """Where a report counts now."""
    return Place(report.question_id, report.reported_id)


def hold(session: Session, places: Iterable[Place]) -> None:
    """Lock the questions, so that two reports of one that come at once see each other. Always before any report."""
    wanted = list(places)
    questions = sorted({p.question_id for p in wanted if p.question_id})
    reported = sorted({p.reported_id for p in wanted if p.reported_id})
    if reported:
        session.execute(
            select(ReportedQuestion.id)
            .where(ReportedQuestion.id.in_(reported))
            .order_by(ReportedQuestion.id)
            .with_for_update(key_share=True)
        ).all()
    if questions:
        session.execute(
            select(Question.id).where(Question.id.in_(questions)).order_by(Question.id).with_for_update(key_share=True)
        ).all()


def settle(session: Session, places: Iterable[Place], now: datetime) -> None:
    """Bring the reports of these places, which are locked, and their questions to what follows from the reports."""
    wanted = list(dict.fromkeys(places))
    for one in wanted:
        _corroborate(session, one, now)
    if refresh(session, now, {p.question_id for p in wanted if p.question_id}):
        rollups.promise(session, now)


def _at(one: Place) -> ColumnElement[bool]:
    if one.question_id:
        return Report.question_id == one.question_id
    return Report.reported_id == one.reported_id


def fact(report: Report) -> Fact:
    """A report as the rules see it."""
    return Fact(
        report.id,
        report.account_id,
        report.network,
        report.month,
        report.own_month,
        State(report.state),
        report.created_at,
        report.verified_at,
    )


def _corroborate(session: Session, one: Place, now: datetime) -> None:
    """A report that another one supports says so; one that lost its support too, but not because of its age."""
    reports = {report.id: report for report in session.execute(select(Report).where(_at(one))).scalars()}
    stand = standing(fact(report) for report in reports.values())
    supported = corroborated(stand)
    supported_now = corroborated([f for f in stand if counts(f.month, now)])
    for one_fact in sorted(stand, key=lambda f: f.id):
        report = reports[one_fact.id]
        if one_fact.state is State.SCREENED and one_fact.id in supported_now:
            trail.take(session, report, Act.CORROBORATE, now)
            notify(
                session,
                account_id=report.account_id,
                kind="report_corroborated",
                effect_key=f"report:{report.id}:corroborated",
                text="A second, independent report says what yours says. A reviewer looks at both.",
                href=f"/reports/{report.id}",
                now=now,
            )
        elif one_fact.state is State.CORROBORATED and one_fact.id not in supported:
            trail.take(session, report, Act.LOSE, now)


def refresh(session: Session, now: datetime, questions: Collection[UUID] | None = None) -> int:
    """Write what may be said of these questions, or of all, where it differs; how many were written.

    Where any was, the caller sees to it that the public pages are counted anew.
    """
    said = _said(session, questions)
    reports = select(Report).where(Report.question_id.in_(said))
    facts: dict[UUID, list[Fact]] = {question_id: [] for question_id in said}
    for report in session.execute(reports).scalars():
        if report.question_id:
            facts[report.question_id].append(fact(report))
    written = 0
    for question_id, before in said.items():
        after = provenance(facts[question_id], now)
        if after != before:
            _say(session, question_id, after)
            written += 1
    return written


def _said(session: Session, questions: Collection[UUID] | None) -> dict[UUID, Provenance]:
    """What is stored: of these questions, or of each that has a report or whose row speaks of one."""
    columns = select(
        Question.id, Question.provenance, Question.reports, Question.last_reported, Question.provenance_was
    )
    if questions is None:
        has_report = select(Report.id).where(Report.question_id == Question.id).exists()
        speaks = or_(Question.provenance != UNREPORTED.kind, Question.reports > 0, Question.last_reported.is_not(None))
        columns = columns.where(or_(has_report, speaks))
    else:
        columns = columns.where(Question.id.in_(questions))
    return {row[0]: Provenance(*row[1:]) for row in session.execute(columns)}


def _say(session: Session, question_id: UUID, said: Provenance) -> None:
    session.execute(
        update(Question)
        .where(Question.id == question_id)
        .values(
            provenance=said.kind,
            reports=said.reports,
            last_reported=said.last_reported,
            provenance_was=said.was,
        )
    )
