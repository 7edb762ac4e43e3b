"""The Celery app: late acknowledgement, JSON only, one queue an area; the job table is the promise."""

import os

from celery import Celery
from celery.signals import setup_logging, task_postrun, worker_init, worker_process_init

from lift.kernel.jobs import QUEUES
from lift.kernel.logging import configure_logging
from lift.kernel.settings import Settings
from lift.providers.queue import BROKER_OPTIONS, TASK_PREFIX
from workers.schedule import SCHEDULE

INCLUDED = ["workers.scoring", "workers.mail", "workers.billing", "workers.questions", "workers.maintenance"]

NICENESS = 10
"""How far the workers stand behind the web, in the steps of nice(2)."""

settings = Settings()
app = Celery("lift", broker=settings.redis_url, include=INCLUDED)
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    # No result is kept. With an age for them beat would clean up daily, by a clock that is not the site's.
    result_expires=None,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_routes={TASK_PREFIX + job: {"queue": queue} for job, queue in QUEUES.items()},
    task_default_queue="default",
    task_soft_time_limit=90,
    task_time_limit=120,
    worker_prefetch_multiplier=1,
    # The model is read before the first task, on a busy machine perhaps slowly.
    worker_proc_alive_timeout=30,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    # A worker that died gives its messages back after this; the sweep usually comes first.
    broker_transport_options={
        **BROKER_OPTIONS,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    beat_schedule=SCHEDULE,
    timezone="UTC",
)


@worker_init.connect
def _behind_the_web(**_: object) -> None:
    """On a host that both share and that is busy, who waits for a page goes first; on an idle one it changes nothing.

    A flood of events is taken in sooner then, and more of it is settled by one reading.
    """
    os.nice(NICENESS)


@setup_logging.connect
def _logs(**_: object) -> None:
    configure_logging(as_json=settings.log_json)


@worker_process_init.connect
def _fresh_process(**_: object) -> None:
    """A pool child opens its own connections and, where it scores, reads the model before its first answer."""
    from workers.runtime import warm_up

    warm_up(_own_queues())


@task_postrun.connect
def _sign_of_life(**_: object) -> None:
    from workers.runtime import show_life

    show_life(_own_queues())


def _own_queues() -> frozenset[str]:
    """The queues that this worker reads: chosen by its parent before the fork."""
    return frozenset(app.amqp.queues.consume_from)
