"""One unfinished try a question, and an assessment that keeps the question it was made with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Of several unfinished tries only one can be finished; none had text, which until now came with the submission.
DROP_DOUBLES = """
DELETE FROM answers a USING answers newer
WHERE a.submitted_at IS NULL AND newer.submitted_at IS NULL
  AND a.account_id = newer.account_id AND a.question_id = newer.question_id AND a.id < newer.id
"""

# Not built concurrently: it must stand or fall with the deletion above, and the table takes no second to read.
ONE_UNFINISHED = """
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX uq_answers_unfinished ON answers (account_id, question_id) WHERE submitted_at IS NULL
"""

# Where the signals have changed since, the rest may have too: those debriefs show what the row holds and no more.
KEEP_THE_QUESTION = """
UPDATE assessments SET asked = jsonb_build_object(
    'prompt', q.prompt, 'followups', q.followups, 'pitfalls', q.pitfalls,
    'by_level', q.by_level, 'outline', q.outline, 'companies', to_jsonb(q.companies))
FROM answers a JOIN questions q ON q.id = a.question_id
WHERE a.id = assessments.answer_id AND q.rubric_version = assessments.rubric_version
"""


def upgrade() -> None:
    op.execute(DROP_DOUBLES)
    op.execute(ONE_UNFINISHED)
    op.add_column(
        "assessments",
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.execute(KEEP_THE_QUESTION)


def downgrade() -> None:
    op.drop_column("assessments", "asked")
    op.drop_index("uq_answers_unfinished", table_name="answers")
