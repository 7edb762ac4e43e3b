"""A correction of an answer's text is an answer of its own that names what it corrects."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# The column is new, so there is nothing to check and the lock is held for no time.
CORRECTS = """
ALTER TABLE answers ADD COLUMN corrects_id uuid;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE answers ADD CONSTRAINT fk_answers_corrects_id_answers
    FOREIGN KEY (corrects_id) REFERENCES answers (id) ON DELETE CASCADE;
-- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
ALTER TABLE answers ADD CONSTRAINT uq_answers_corrects_id UNIQUE (corrects_id);
"""


def upgrade() -> None:
    op.add_column("answers", sa.Column("version", sa.BigInteger(), server_default="1", nullable=False))
    op.execute(CORRECTS)


def downgrade() -> None:
    op.drop_constraint("uq_answers_corrects_id", "answers")
    op.drop_column("answers", "corrects_id")
    op.drop_column("answers", "version")
