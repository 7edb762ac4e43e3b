"""Until when a job is of use, and when the sweep last asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("jobs", sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("jobs", "nudged_at")
    op.drop_column("jobs", "give_up_at")
