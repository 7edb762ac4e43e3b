"""Who looks at a report, and every wording of a reported question."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_assignments",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_assignments_report_id_reports"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["accounts.id"],
            name=op.f("fk_report_assignments_reviewer_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_assignments")),
    )
    op.create_index(op.f("ix_report_assignments_reviewer_id"), "report_assignments", ["reviewer_id"])
    op.create_table(
        "reported_wordings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reported_id", sa.Uuid(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reported_id"],
            ["reported_questions.id"],
            name=op.f("fk_reported_wordings_reported_id_reported_questions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["accounts.id"],
            name=op.f("fk_reported_wordings_reviewer_id_accounts"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_wordings")),
    )
    op.create_index("ix_reported_wordings_reported", "reported_wordings", ["reported_id", "id"])
    op.create_index(op.f("ix_reported_wordings_reviewer_id"), "reported_wordings", ["reviewer_id"])


def downgrade() -> None:
    op.drop_table("reported_wordings")
    op.drop_table("report_assignments")
