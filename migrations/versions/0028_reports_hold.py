"""The rows that were there before 0027 keep its constraint too."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE questions VALIDATE CONSTRAINT ck_questions_provenance_was")


def downgrade() -> None:
    """A constraint that holds is not made to hold less."""
