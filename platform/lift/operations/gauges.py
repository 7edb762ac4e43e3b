"""What is measured of the stored facts, asked of the database at each look: one query a family."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.orm import Session

from billing import figures
from lift.kernel.job_board import counts_by_queue


class Facts:
    """A collector over one session and one moment."""

    def __init__(self, session: Session, now: datetime, *, livemode: bool) -> None:
        self.session = session
        self.now = now
        self.livemode = livemode

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every family, also one that has nothing to say: that it is there is the news."""
        drifts = figures.drifts_by_kind(self.session, self.now)
        yield _by("lift_billing_drift", "Differences and alerts found in the last day", "kind", drifts)
        yield _by("lift_billing_events", "Events in the inbox", "state", figures.events_by_state(self.session))
        oldest = figures.oldest_open_event(self.session)
        age = (self.now - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("lift_billing_oldest_event_seconds", "Age of the oldest unsettled event", value=age)
        living = figures.subscriptions_by_status(self.session, livemode=self.livemode)
        yield _by("lift_subscriptions", "Subscriptions as last copied", "status", living)
        jobs = GaugeMetricFamily("lift_jobs", "Jobs that are not done", labels=["queue", "state"])
        for (queue, state), count in counts_by_queue(self.session).items():
            jobs.add_metric([queue, state], count)
        yield jobs


def _by(name: str, words: str, label: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family


def facts_as_text(session: Session, now: datetime, *, livemode: bool) -> bytes:
    """In Prometheus's format."""
    registry = CollectorRegistry()
    registry.register(Facts(session, now, livemode=livemode))
    return generate_latest(registry)
