"""What reviewers do: give an opinion and take it back, overrule the checks, merge reports and part them again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lift.accounts.people import contact
from lift.kernel.errors import Conflict, Denied, Invalid, NotFound
from lift.kernel.ids import uuid7
from lift.notifications.service import notify, send_mail
from lift.questions.models import Question
from lift.submissions import settling, trail
from lift.submissions.ladder import OPEN, Act, State, Who, may
from lift.submissions.models import Merge, Report, ReportedQuestion, Review
from lift.submissions.placing import Move, Place, place_of
from lift.submissions.reasons import DECLINING, VERIFYING
from lift.submissions.reasons import words as in_words
from lift.submissions.reviewing import Opinion, Verdict, outcome
from lift.submissions.service import held, reward

REASONS = {Verdict.VERIFY: VERIFYING, Verdict.DECLINE: DECLINING}
"""The list that the reasons of each verdict are taken from."""


def review(
    session: Session,
    report_id: UUID,
    reviewer_id: UUID,
    verdict: Verdict,
    reasons: Collection[str],
    now: datetime,
    *,
    base_url: str,
    note: str = "",
) -> Verdict | None:
    """Give an opinion; the decision that it makes, or None where a further reviewer is needed.

    ``Denied`` on one's own report, ``Invalid`` without a reason of the list, ``Conflict`` where the ladder has no
    such step or the reviewer has an opinion already.
    """
    report = _for_reviewer(session, report_id, reviewer_id)
    _check(report, verdict, reasons)
    given = opinions(session, report_id)
    if any(opinion.reviewer == reviewer_id for opinion in given):
        raise Conflict("You have an opinion on this report. Take it back first.")
    session.add(
        Review(
            report_id=report_id,
            reviewer_id=reviewer_id,
            verdict=verdict,
            reasons=list(reasons),
            note=note.strip(),
            experience=experience(session, reviewer_id),
            at=now,
        )
    )
    session.flush()
    decided = outcome(opinions(session, report_id))
    if decided is None:
        trail.note(session, report, trail.OPINION, Who.REVIEWER, now, by=reviewer_id)
        return None
    _decide(session, report, decided, reviewer_id, now)
    _tell(session, report, now, base_url)
    return decided


def _check(report: Report, verdict: Verdict, reasons: Collection[str]) -> None:
    if not reasons or any(reason not in REASONS[verdict] for reason in reasons):
        raise Invalid("Choose at least one reason from the list.")
    if State(report.state) not in OPEN:
        raise Conflict(f"This report is {report.state}: there is nothing to decide.")
    if not may(State(report.state), Act(verdict), Who.REVIEWER):
        raise Conflict(
            "Nobody verifies what one person alone has said: this report waits for a second, independent one."
        )


def _decide(session: Session, report: Report, verdict: Verdict, reviewer_id: UUID, now: datetime) -> None:
    said = session.execute(
        select(Review.reasons).where(
            Review.report_id == report.id, Review.undone_at.is_(None), Review.verdict == verdict
        )
    ).scalars()
    reasons = list(dict.fromkeys(reason for listed in said for reason in listed))
    trail.take(session, report, Act(verdict), now, reasons=reasons, by=reviewer_id)
    settling.settle(session, [settling.place(report)], now)


def undo(session: Session, report_id: UUID, reviewer_id: UUID, now: datetime) -> None:
    """Take one's own opinion back, and with it the decision that does not stand without it. ``Conflict`` without one."""
    report = held(session, report_id)
    given = session.execute(
        select(Review).where(
            Review.report_id == report_id, Review.reviewer_id == reviewer_id, Review.undone_at.is_(None)
        )
    ).scalar_one_or_none()
    if given is None:
        raise Conflict("You have no opinion on this report.")
    given.undone_at = now
    session.flush()
    decided = {State.VERIFIED: Verdict.VERIFY, State.DECLINED: Verdict.DECLINE}.get(State(report.state))
    if decided is not None and outcome(opinions(session, report_id)) is not decided:
        trail.take(session, report, Act.UNDO, now, by=reviewer_id)
        settling.settle(session, [settling.place(report)], now)


def overrule(session: Session, report_id: UUID, reviewer_id: UUID, now: datetime) -> None:
    """Let a report pass that the checks refused; its person is rewarded as if it had passed then."""
    report = _for_reviewer(session, report_id, reviewer_id)
    trail.take(session, report, Act.OVERRULE, now, by=reviewer_id)
    reward(session, report, now)
    settling.settle(session, [settling.place(report)], now)


def merge(session: Session, report_id: UUID, into: Place, reviewer_id: UUID, now: datetime) -> Merge:
    """Let a report count for another question, of the bank or reported; ``Conflict`` where it does already."""
    if into.question_id and into.reported_id:
        raise ValueError("a report is merged into one place")
    _exists(session, into)
    report = held(session, report_id, also=into)
    before = settling.place(report)
    if _resolved(session, into).is_of(before):
        raise Conflict("The report counts for this question already.")
    made = Merge(
        id=uuid7(),
        report_id=report_id,
        question_id=into.question_id,
        reported_id=into.reported_id,
        reviewer_id=reviewer_id,
        at=now,
    )
    session.add(made)
    session.flush()
    _place_anew(session, report)
    _note_move(session, report, trail.MERGE, before, reviewer_id, now)
    return made


def unmerge(session: Session, merge_id: UUID, reviewer_id: UUID, now: datetime) -> None:
    """Undo a merge: the report counts again for what it counted for without it. ``Conflict`` when it was undone."""
    made = session.get(Merge, merge_id)
    if made is None:
        raise NotFound("There is no such merge.")
    report = session.get_one(Report, made.report_id)
    without = _place(session, report, leave_out=merge_id)
    report = held(session, made.report_id, also=without)
    session.refresh(made)
    if made.undone_at is not None:
        raise Conflict("This merge was undone already.")
    before = settling.place(report)
    made.undone_at, made.undone_by = now, reviewer_id
    session.flush()
    _place_anew(session, report)
    _note_move(session, report, trail.UNMERGE, before, reviewer_id, now)


def adopt(session: Session, reported_id: UUID, question_id: UUID | None, reviewer_id: UUID, now: datetime) -> None:
    """Say which question of the bank a reported one has become, or (None) that it has become none after all."""
    reported = session.get(ReportedQuestion, reported_id)
    if reported is None:
        raise NotFound("There is no such reported question.")
    before = Place(reported.question_id, reported_id)
    after = Place(question_id, reported_id)
    if question_id is not None:
        _exists(session, Place(question_id))
    settling.hold(session, [before, after])
    session.refresh(reported)
    if reported.question_id != before.question_id:
        raise Conflict("Somebody else has just changed this. Look again.")
    reported.question_id, reported.updated_at = question_id, now
    session.flush()
    moved = session.execute(select(Report).where(Report.reported_id == reported_id).with_for_update()).scalars().all()
    for report in moved:
        _place_anew(session, report)
        trail.note(
            session, report, trail.ADOPT, Who.REVIEWER, now, by=reviewer_id, question=str(question_id or "") or None
        )
    settling.settle(session, [before, after], now)


def opinions(session: Session, report_id: UUID) -> list[Opinion]:
    """The opinions that stand, in the order of time."""
    rows = session.execute(
        select(Review).where(Review.report_id == report_id, Review.undone_at.is_(None)).order_by(Review.id)
    ).scalars()
    # Whose account is gone is still one reviewer.
    return [Opinion(row.reviewer_id or row.id, Verdict(row.verdict), row.experience) for row in rows]


def experience(session: Session, reviewer_id: UUID) -> int:
    """On how many reports a reviewer has an opinion."""
    return session.execute(
        select(func.count()).where(Review.reviewer_id == reviewer_id, Review.undone_at.is_(None))
    ).scalar_one()


def _for_reviewer(session: Session, report_id: UUID, reviewer_id: UUID) -> Report:
    report = held(session, report_id)
    if report.account_id == reviewer_id:
        raise Denied("This is your own report: somebody else reviews it.")
    return report


def _exists(session: Session, place: Place) -> None:
    if place.question_id is not None and session.get(Question, place.question_id) is None:
        raise NotFound("There is no such question.")
    if place.reported_id is not None and session.get(ReportedQuestion, place.reported_id) is None:
        raise NotFound("There is no such reported question.")


def _place(session: Session, report: Report, *, leave_out: UUID | None = None) -> Place:
    """Where the report counts by its merges, as the rule says."""
    merges: Sequence[Merge] = (
        session.execute(select(Merge).where(Merge.report_id == report.id).order_by(Merge.id)).scalars().all()
    )
    moves = [Move(Place(m.question_id, m.reported_id), m.undone_at is not None) for m in merges if m.id != leave_out]
    sent_for = Place(report.sent_for_question_id, report.sent_for_reported_id)
    return place_of(sent_for, moves, _adopted(session, sent_for, *(move.place for move in moves)))


def _resolved(session: Session, place: Place) -> Place:
    return place_of(place, [], _adopted(session, place))


def _adopted(session: Session, *places: Place) -> dict[UUID, UUID]:
    """Which of the reported questions has become which one of the bank."""
    reported = [place.reported_id for place in places if place.reported_id]
    known = session.execute(
        select(ReportedQuestion.id, ReportedQuestion.question_id).where(ReportedQuestion.id.in_(reported))
    )
    return {reported_id: question_id for reported_id, question_id in known if question_id is not None}


def _place_anew(session: Session, report: Report) -> Place:
    place = _place(session, report)
    report.question_id, report.reported_id = place.question_id, place.reported_id
    session.flush()
    return place


def _note_move(session: Session, report: Report, what: str, before: Place, reviewer_id: UUID, now: datetime) -> None:
    """Write the move down, and bring both questions to what follows from it."""
    after = settling.place(report)
    question = str(after.question_id) if after.question_id else None
    trail.note(session, report, what, Who.REVIEWER, now, by=reviewer_id, question=question)
    settling.settle(session, [before, after], now)


def _tell(session: Session, report: Report, now: datetime, base_url: str) -> None:
    """Tell the person of the decision, with the reasons."""
    person = contact(session, report.account_id)
    if person is None:
        return
    decided = next(e for e in reversed(trail.of(session, report.id)) if e.act in (Act.VERIFY, Act.DECLINE))
    kind = f"report_{report.state}"
    href = f"/reports/{report.id}"
    text = (
        "A reviewer has verified your report."
        if report.state == State.VERIFIED
        else "A reviewer has declined your report, with reasons."
    )
    key = f"report:{report.id}:{decided.id}"
    notify(session, account_id=report.account_id, kind=kind, effect_key=key, text=text, href=href, now=now)
    context = {"report": f"{base_url}{href}", "reasons": in_words(decided.reasons)}
    send_mail(session, report.account_id, person.email, kind, key, context, now)
