"""Counts and samples of the page of each company, topic and competency as a roll-up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subject_counts",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("samples", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "slug", name=op.f("pk_subject_counts")),
    )
    # Samples are kept with more of each question than before: empty rows are counted anew by the loading that
    # follows every migration, or within the hour.
    op.execute("UPDATE loop_counts SET samples = '[]', digest = ''")


def downgrade() -> None:
    op.drop_table("subject_counts")
    op.execute("UPDATE loop_counts SET samples = '[]', digest = ''")
