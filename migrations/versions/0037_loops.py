"""Loops of a company as people plan them: rounds, their questions, and the answers given."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "interview_loops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("company_slug", sa.String(length=80), nullable=False),
        sa.Column("role_slug", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("org_slug", sa.String(length=60), nullable=True),
        sa.Column("interview_on", sa.Date(), nullable=True),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("scope IN ('loop', 'round', 'warm-up')", name=op.f("ck_interview_loops_scope")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_interview_loops_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["company_slug"], ["companies.slug"], name=op.f("fk_interview_loops_company_slug_companies")
        ),
        sa.ForeignKeyConstraint(["role_slug"], ["roles.slug"], name=op.f("fk_interview_loops_role_slug_roles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_loops")),
    )
    op.create_index("ix_interview_loops_account_planned", "interview_loops", ["account_id", "planned_at"])
    op.create_table(
        "interview_rounds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("loop_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("run_by", sa.Text(), nullable=False),
        sa.Column("looks_for", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["kind"], ["round_kinds.slug"], name=op.f("fk_interview_rounds_kind_round_kinds")),
        sa.ForeignKeyConstraint(
            ["loop_id"],
            ["interview_loops.id"],
            name=op.f("fk_interview_rounds_loop_id_interview_loops"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_rounds")),
        sa.UniqueConstraint("loop_id", "position", name=op.f("uq_interview_rounds_loop_id")),
    )
    op.create_table(
        "round_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_round_questions_answer_id_answers"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_round_questions_question_id_questions")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["interview_rounds.id"],
            name=op.f("fk_round_questions_round_id_interview_rounds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_questions")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_round_questions_round_id")),
    )
    op.create_index("ix_round_questions_answer_id", "round_questions", ["answer_id"])
    op.create_index("ix_round_questions_question_id", "round_questions", ["question_id"])


def downgrade() -> None:
    op.drop_table("round_questions")
    op.drop_table("interview_rounds")
    op.drop_table("interview_loops")
