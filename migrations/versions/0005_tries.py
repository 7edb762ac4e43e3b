"""Tries are counted in the database; asking for a reset of an unknown address writes as much as of a known one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("at", postgresql.ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tries")),
    )
    op.create_index("ix_tries_expires_at", "tries", ["expires_at"])
    op.alter_column("account_tokens", "account_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM account_tokens WHERE account_id IS NULL")
    op.alter_column("account_tokens", "account_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("tries")
