"""Similar questions among a hundred thousand vectors: their time, and how many of the nearest the index finds."""

import statistics
import time
from uuid import UUID

from sqlalchemy.orm import Session

from bench.search.database import Desk
from lift.questions.neighbours import LEAST, MOST, NEAR, similar

ASKED = 40

VECTOR = "(SELECT numbers::halfvec(384) FROM question_vectors WHERE question_id = '{id}')"
NEAREST = (
    f"SELECT question_id FROM question_vectors WHERE question_id <> '{{id}}'"
    f" ORDER BY numbers::halfvec(384) <=> {VECTOR} LIMIT 5"
)
BY_HAND = (
    "SELECT q.slug, q.prompt, q.levels, q.topic_slug, q.companies, q.orgs, q.kind, q.minutes, q.provenance FROM"
    f" (SELECT question_id, numbers::halfvec(384) <=> {VECTOR} AS away FROM question_vectors ORDER BY away LIMIT {NEAR}) n"
    " JOIN questions q ON q.id = question_id"
    f" WHERE retired_at IS NULL AND q.id <> '{{id}}' AND away <= {1 - LEAST} ORDER BY away LIMIT {MOST}"
)


def similar_cost(desk: Desk) -> tuple[float, float, float]:
    """(ours, by hand) in milliseconds, medians over questions; the share of the truly nearest that ours finds.

    The two take turns in going first: whoever does reads for the other.
    """
    sample = desk.hand.execute(
        "SELECT question_id FROM question_vectors ORDER BY md5(question_id::text) LIMIT %s", [ASKED]
    )
    asked: list[UUID] = [row[0] for row in sample.fetchall()]
    ours, hand, found, there = [], [], 0, 0

    def by_hand(question: UUID) -> None:
        began = time.perf_counter()
        desk.hand.execute(BY_HAND.format(id=question)).fetchall()
        hand.append(time.perf_counter() - began)

    def by_us(question: UUID) -> set[str]:
        desk.watch.reset()
        with Session(desk.engine) as session:
            near = similar(session, question)
        ours.append(desk.watch.seconds)
        return {line.question.slug for line in near}

    for turn, question in enumerate(asked * 2):
        if turn % 2:
            by_hand(question)
        slugs = by_us(question)
        if not turn % 2:
            by_hand(question)
        if turn < ASKED // 2:
            truly = _truly_nearest(desk, NEAREST.format(id=question))
            there += len(truly)
            found += len(truly & slugs)
    return 1000 * statistics.median(ours), 1000 * statistics.median(hand), found / there


def _truly_nearest(desk: Desk, nearest: str) -> set[str]:
    with desk.hand.transaction():
        desk.hand.execute("SET LOCAL enable_indexscan = off")
        rows = desk.hand.execute(f"SELECT slug FROM questions WHERE id IN ({nearest})").fetchall()
    return {row[0] for row in rows}
