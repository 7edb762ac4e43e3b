"""Counts and samples of each company × role page as a roll-up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loop_counts",
        sa.Column("company_slug", sa.String(length=80), nullable=False),
        sa.Column("role_slug", sa.String(length=80), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("samples", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_slug"], ["companies.slug"], name=op.f("fk_loop_counts_company_slug_companies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["role_slug"], ["roles.slug"], name=op.f("fk_loop_counts_role_slug_roles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("company_slug", "role_slug", name=op.f("pk_loop_counts")),
    )


def downgrade() -> None:
    op.drop_table("loop_counts")
