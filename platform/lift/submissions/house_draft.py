"""What a reviewer begins with who makes a question of a reported one: the house format with what the reports say."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lift.catalog.files import CatalogFiles
from lift.questions import house_text
from lift.questions.house_text import TO_WRITE
from lift.submissions.ladder import STANDING
from lift.submissions.models import Report, ReportedQuestion


def draft(session: Session, reported: ReportedQuestion, files: CatalogFiles) -> str:
    """The text with the reports' company, round, levels and orgs, and with places for everything else."""
    statement = select(Report).where(Report.reported_id == reported.id, Report.state.in_(STANDING)).order_by(Report.id)
    reports = session.execute(statement).scalars().all()
    competency = _competency(reported, files)
    levels = _levels(reports, files)
    return house_text.text_of(
        {
            "id": house_text.next_id(session, competency),
            "prompt": reported.prompt or f"{TO_WRITE}: the question in house style, 15 to 90 words",
            "kind": "explain",
            "round": reported.round_kind,
            "minutes": 10,
            "levels": levels,
            "competencies": [competency],
            "companies": [reported.company_slug] if reported.company_slug in files.orgs else [],
            "orgs": _orgs(reported, reports, files),
            "signals": [_signal(weight, levels[0], files) for weight in ("must", "must", "should", "bonus")],
            "followups": [
                {"ask": f"{TO_WRITE}: what is asked when the first signal was missed", "when_missed": 0},
                {"ask": f"{TO_WRITE}: what is asked to go deeper", "deepen": levels[-1]},
            ],
            "pitfalls": [f"{TO_WRITE}: a common mistake", f"{TO_WRITE}: another common mistake"],
            "by_level": dict.fromkeys(levels, f"{TO_WRITE}: what an answer at this level adds"),
            "outline": [f"{TO_WRITE}: step {step} of a model answer" for step in range(1, 5)],
        }
    )


def _competency(reported: ReportedQuestion, files: CatalogFiles) -> str:
    """The first of a topic that is asked in this round: a place to begin, to be changed."""
    topics = next((r.topics for r in files.rounds.rounds if r.slug == reported.round_kind), [])
    for slug, (topic, _, _) in files.competencies.items():
        if topic.slug in topics:
            return slug
    return next(iter(files.competencies))


def _levels(reports: Sequence[Report], files: CatalogFiles) -> list[str]:
    found = {report.level for report in reports}
    return [level for level in files.levels if level in found] or ["senior"]


def _orgs(reported: ReportedQuestion, reports: Sequence[Report], files: CatalogFiles) -> list[str]:
    known = files.orgs.get(reported.company_slug, set())
    return sorted({report.org_slug for report in reports if report.org_slug in known and report.org_slug})


def _signal(weight: str, level: str, files: CatalogFiles) -> dict[str, str]:
    dimension = files.rounds.dimensions[0].slug
    return {"text": f"{TO_WRITE}: a point of a good answer", "weight": weight, "level": level, "dimension": dimension}
