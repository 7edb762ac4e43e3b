"""What each call of a language model cost; a scorer's version has room for the model's name."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("model", sa.String(100), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_model_calls_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_model_calls_answer_id_answers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_calls")),
    )
    op.create_index("ix_model_calls_at", "model_calls", ["at"])
    op.create_index("ix_model_calls_account_id", "model_calls", ["account_id"])
    op.create_index("ix_model_calls_answer_id", "model_calls", ["answer_id"])
    # A longer limit of a varchar changes no row: PostgreSQL rewrites nothing and holds the lock for no time.
    op.execute(
        """
        -- squawk-ignore changing-column-type
        ALTER TABLE assessments ALTER COLUMN scorer_version TYPE varchar(120)
        """
    )


def downgrade() -> None:
    op.execute("UPDATE assessments SET scorer_version = left(scorer_version, 40)")
    op.alter_column("assessments", "scorer_version", type_=sa.String(40), existing_nullable=False)
    op.drop_table("model_calls")
