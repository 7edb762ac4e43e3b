"""Similar questions among a hundred thousand vectors: their time, and how many of the nearest the index finds."""

import statistics
import time
from uuid import UUID

from sqlalchemy.orm import Session

from bench.search.database import Desk
from lift.questions.neighbours import similar

ASKED = 40

NEAREST = (
    "SELECT question_id FROM question_vectors WHERE question_id <> '{id}'"
    " ORDER BY numbers::halfvec(384) <=> (SELECT numbers::halfvec(384) FROM question_vectors WHERE question_id = '{id}')"
    " LIMIT 5"
)
SHOWN = "SELECT q.* FROM ({nearest}) n JOIN (SELECT id, slug, prompt, levels, topic_slug, companies, orgs, kind, minutes, provenance FROM questions) q ON q.id = n.question_id"


def similar_cost(desk: Desk) -> tuple[float, float, float]:
    """(ours, by hand) in milliseconds, medians over questions; the share of the truly nearest that ours finds."""
    sample = desk.hand.execute(
        "SELECT question_id FROM question_vectors ORDER BY md5(question_id::text) LIMIT %s", [ASKED]
    )
    asked: list[UUID] = [row[0] for row in sample.fetchall()]
    ours, hand, found, there = [], [], 0, 0
    for question in asked * 2:
        desk.watch.reset()
        with Session(desk.engine) as session:
            near = similar(session, question)
        ours.append(desk.watch.seconds)
        nearest = NEAREST.format(id=question)
        began = time.perf_counter()
        desk.hand.execute(SHOWN.format(nearest=nearest)).fetchall()
        hand.append(time.perf_counter() - began)
        if len(ours) <= ASKED // 2:
            truly = _truly_nearest(desk, nearest)
            there += len(truly)
            found += len(truly & {line.question.slug for line in near})
    # The first time round reads what the second one finds warm.
    return 1000 * statistics.median(ours[ASKED:]), 1000 * statistics.median(hand[ASKED:]), found / there


def _truly_nearest(desk: Desk, nearest: str) -> set[str]:
    with desk.hand.transaction():
        desk.hand.execute("SET LOCAL enable_indexscan = off")
        rows = desk.hand.execute(f"SELECT slug FROM questions WHERE id IN ({nearest})").fetchall()
    return {row[0] for row in rows}
