"""What people ask the practice copilot, what problems with questions they report, and calls of a model for no answer."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "copilot_asks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("model_asked", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("why_not", sa.String(length=200), nullable=True),
        sa.CheckConstraint("kind IN ('hint', 'outline', 'point', 'sentence')", name=op.f("ck_copilot_asks_kind")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_copilot_asks_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_copilot_asks_question_id_questions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copilot_asks")),
        sa.UniqueConstraint("account_id", "question_id", "kind", "number", name=op.f("uq_copilot_asks_account_id")),
    )
    op.create_table(
        "question_problems",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "kind IN ('fact', 'unclear', 'duplicate', 'level', 'other')", name=op.f("ck_question_problems_kind")
        ),
        sa.CheckConstraint(
            "reason IN ('fixed', 'stands', 'known', 'unusable')", name=op.f("ck_question_problems_reason")
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (reason IS NULL)", name=op.f("ck_question_problems_closed")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_question_problems_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["accounts.id"], name=op.f("fk_question_problems_closed_by_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_question_problems_question_id_questions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_problems")),
    )
    op.create_index("ix_question_problems_account_id", "question_problems", ["account_id"])
    op.create_index(
        "ix_question_problems_open",
        "question_problems",
        ["created_at"],
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_question_problems_open",
        "question_problems",
        ["account_id", "question_id", "kind"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    # Whoever reads these rows asks for those of one answer.
    op.execute("-- squawk-ignore ban-drop-not-null\nALTER TABLE model_calls ALTER COLUMN answer_id DROP NOT NULL;")


def downgrade() -> None:
    op.execute("DELETE FROM model_calls WHERE answer_id IS NULL")
    op.alter_column("model_calls", "answer_id", nullable=False)
    op.drop_table("question_problems")
    op.drop_table("copilot_asks")
