"""Which questions of the bank a round of a loop may ask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from lift.questions.facets import RECENT, ROLE_TOPICS

MOST = 300
"""Questions of the company's own, and as many general ones, that a round chooses from: those reported last."""


@dataclass(frozen=True)
class Askable:
    """A question as far as choosing it goes."""

    id: UUID
    round_kind: str
    topic_slug: str
    competencies: list[str]
    companies: list[str]
    orgs: list[str]
    minutes: int
    provenance: str
    last_reported: date | None


_FITTING = f"""
SELECT q.id, q.round_kind, q.topic_slug, q.competencies, q.companies, q.orgs, q.minutes, q.provenance, q.last_reported
  FROM questions q
 WHERE q.retired_at IS NULL AND q.levels && CAST(:levels AS varchar[]) AND q.topic_slug IN ({ROLE_TOPICS})
   AND (q.round_kind = :kind OR q.topic_slug = ANY (CAST(:topics AS varchar[])))
   AND q.id <> ALL (CAST(:without AS uuid[])) AND {{whose}}
 ORDER BY {RECENT} DESC, q.id DESC LIMIT {MOST}
"""
_OWN = _FITTING.format(whose="q.companies @> ARRAY[CAST(:company AS varchar)]")
_GENERAL = _FITTING.format(whose="q.companies = '{}'")


def askable(
    session: Session,
    *,
    company: str,
    role: str,
    levels: Sequence[str],
    kind: str,
    topics: Collection[str],
    without: Collection[UUID],
) -> list[Askable]:
    """Live questions of the company's own or for any, in the role's topics, of this kind of round or about what it is."""
    values = {
        "company": company,
        "role": [role],
        "levels": list(levels),
        "kind": kind,
        "topics": list(topics),
        "without": list(without),
    }
    return [Askable(*row) for statement in (_OWN, _GENERAL) for row in session.execute(text(statement), values)]
