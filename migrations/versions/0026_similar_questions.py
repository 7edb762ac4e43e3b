"""What each question means, as numbers; an index over them where pgvector is installed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

# A server may not have pgvector, or not let us have it: the bank then works without similar questions.
EXTENSION = """
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS vector;
EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN
    RAISE NOTICE 'pgvector is not available: similar questions are not shown';
END $$
"""
# halfvec came with pgvector 0.7.
INDEX = """
DO $$ BEGIN
    IF to_regtype('halfvec') IS NOT NULL THEN
        CREATE INDEX ix_question_vectors_near ON question_vectors
            USING hnsw ((numbers::halfvec(384)) halfvec_cosine_ops);
    END IF;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "question_vectors",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("numbers", postgresql.ARRAY(sa.REAL()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_vectors_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_vectors")),
    )
    op.execute(EXTENSION)
    op.execute(INDEX)


def downgrade() -> None:
    op.drop_table("question_vectors")
