"""One of everything that lies at the moderation desk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lift.kernel.ids import uuid7
from lift.questions import desk
from lift.submissions import takedowns, wordings
from lift.submissions.models import Takedown
from lift.submissions.takedowns import Asking
from tests.factories import a_question
from tests.submissions.reporting import Reporters

STYLED = (
    "A customer presses the button twice while the first payment still runs. Say what the service stores, when, and "
    "what the second request is answered."
)
ASKING = Asking("Grace", "grace@example.org", "", "This is from our own interview guide, word for word.")


def a_takedown(session: Session, now: datetime) -> Takedown:
    """Somebody asks for a question of the bank to be taken down."""
    return takedowns.ask(session, a_question(session).id, ASKING, now)


def desk_things(session: Session, now: datetime) -> dict[str, UUID]:
    """Their ids, by their placeholders in the addresses of pages."""
    reporters = Reporters(session, now)
    report = reporters.send()
    assert report.reported_id is not None
    question = a_question(session)
    desk.keep(session, question, who="rita@example.org", how="edit", now=now)
    session.flush()
    wording = wordings.write(session, report.reported_id, STYLED, reporters.person().id, now)
    return {
        "<uuid:report_id>": report.id,
        "<uuid:reported_id>": report.reported_id,
        "<uuid:wording_id>": wording.id,
        "<uuid:revision_id>": desk.history(session, question.id)[0].id,
        "<uuid:takedown_id>": a_takedown(session, now).id,
        "<uuid:merge_id>": uuid7(),
        "<uuid:problem_id>": uuid7(),
    }
