"""Lists of questions, questions that were seen, and the orders in which the search walks through the bank."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0030"
branch_labels = None
depends_on = None

RECENT = "coalesce(last_reported, '0001-01-01'::date)"
BY = ("subtopic_slug", "provenance", "kind", "round_kind", "minutes")
# Built in this transaction, so that it happens as a whole or not at all: readers go on, and whoever writes to the bank
# (a reviewer, a loading of content) waits for seconds even at a million rows.
INDEX = """
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_questions_live_{name} ON questions ({columns}) WHERE retired_at IS NULL
"""


def upgrade() -> None:
    op.create_table(
        "saved_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", postgresql.CITEXT(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_saved_lists_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_lists")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_lists_account_id")),
    )
    op.create_table(
        "saved_questions",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["saved_lists.id"], name=op.f("fk_saved_questions_list_id_saved_lists"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_saved_questions_question_id_questions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "question_id", name=op.f("pk_saved_questions")),
    )
    op.create_index("ix_saved_questions_question_id", "saved_questions", ["question_id"])
    op.create_table(
        "seen_questions",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_seen_questions_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_seen_questions_question_id_questions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "question_id", name=op.f("pk_seen_questions")),
    )
    op.create_index("ix_seen_questions_question_id", "seen_questions", ["question_id"])
    # Whoever began an answer had the question before them.
    op.execute(
        "INSERT INTO seen_questions (account_id, question_id, seen_at)"
        " SELECT account_id, question_id, min(started_at) FROM answers GROUP BY account_id, question_id"
    )
    op.execute(INDEX.format(name="recent", columns=f"{RECENT}, id"))
    for column in BY:
        op.execute(INDEX.format(name=column, columns=f"{column}, {RECENT}, id"))


def downgrade() -> None:
    for column in reversed(BY):
        op.drop_index(f"ix_questions_live_{column}", "questions")
    op.drop_index("ix_questions_live_recent", "questions")
    op.drop_table("seen_questions")
    op.drop_table("saved_questions")
    op.drop_table("saved_lists")
