"""The rows that were there before 0023 keep its constraints too."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE questions VALIDATE CONSTRAINT ck_questions_origin")
    op.execute("ALTER TABLE questions VALIDATE CONSTRAINT ck_questions_reports")


def downgrade() -> None:
    """A constraint that holds is not made to hold less."""
