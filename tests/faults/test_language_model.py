"""A real worker and a language model that hangs, or a worker that dies while it is asked: one assessment each time."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from lift.interviews.model_calls import ModelCall
from lift.interviews.models import AssessmentRow
from lift.kernel.db import unit_of_work
from lift.scoring.llm import scorer as notes
from tests.faults.conftest import Stack, eventually
from tests.faults.test_scoring_survives import WITHIN, effects, submit
from tests.scoring.llm.model_server import ModelServer

pytestmark = pytest.mark.fault


@pytest.fixture
def server(stack: Stack) -> Iterator[ModelServer]:
    """A model server, and the worker started again with its address."""
    with ModelServer().running() as running:
        stack.kill_worker()
        stack.environment |= {
            "LIFT_LLM_PROVIDER": "anthropic",
            "LIFT_LLM_BASE_URL": running.url,
            "LIFT_LLM_MODEL": "reader-1",
            "LIFT_LLM_PRICE_IN": "3",
            "LIFT_LLM_PRICE_OUT": "15",
            "LIFT_LLM_SECONDS": "5",
        }
        stack.start_worker()
        yield running


def outcomes(stack: Stack) -> list[str]:
    with unit_of_work(stack.services.session_factory) as session:
        return list(session.execute(select(ModelCall.outcome).order_by(ModelCall.id)).scalars())


def test_a_model_that_hangs_or_dies_with_its_worker_never_holds_an_answer(stack: Stack, server: ModelServer) -> None:
    server.usually = server.hangs
    first = submit(stack)
    eventually(lambda: effects(stack, first)[0] == 1, WITHIN, "an assessment without the model")
    with unit_of_work(stack.services.session_factory) as session:
        found = session.execute(select(AssessmentRow).where(AssessmentRow.answer_id == first)).scalar_one()
        assert (found.scorer, found.reason) == ("embedded", notes.AWAY)
    assert outcomes(stack) == ["timed_out"]

    second = submit(stack)
    eventually(lambda: len(server.asked) == 2, WITHIN, "the worker asks the model")
    server.usually = server.reads
    stack.kill_worker()
    stack.start_worker()
    eventually(lambda: effects(stack, second)[0] == 1, WITHIN, "an assessment by the model")
    assert effects(stack, second) == (1, 1, 1)
    # Nobody knows what the call cost that died with its worker, so it counts at its most.
    assert outcomes(stack)[:2] == ["timed_out", "asked"]
    assert set(outcomes(stack)[2:]) == {"read"}
