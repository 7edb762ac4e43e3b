"""What candidates' reports say of a question, kept beside it for the search; and whose its text is."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("questions", sa.Column("reports", sa.Integer(), server_default="0", nullable=False))
    op.add_column("questions", sa.Column("last_reported", sa.Date(), nullable=True))
    op.add_column("questions", sa.Column("origin", sa.String(length=10), server_default="content", nullable=False))
    # Checked for new rows from here on; 0024 looks at the old ones without holding writers up.
    op.create_check_constraint(
        op.f("ck_questions_origin"), "questions", "origin IN ('content', 'desk')", postgresql_not_valid=True
    )
    op.create_check_constraint(op.f("ck_questions_reports"), "questions", "reports >= 0", postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_column("questions", "origin")
    op.drop_column("questions", "last_reported")
    op.drop_column("questions", "reports")
