"""A language model's wording is of one text: of a question that was edited since it is shown no more."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("copilot_asks", sa.Column("worded_from", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("copilot_asks", "worded_from")
