"""Candidates' reports with their trail, reviews, merges and drafts; what was asked to be taken down."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_drafts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_report_drafts_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_report_drafts")),
    )
    op.create_table(
        "reported_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_slug", sa.String(length=80), nullable=False),
        sa.Column("role_slug", sa.String(length=80), nullable=False),
        sa.Column("round_kind", sa.String(length=80), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_reported_questions_question_id_questions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_questions")),
    )
    op.create_index(op.f("ix_reported_questions_question_id"), "reported_questions", ["question_id"], unique=False)
    op.create_table(
        "takedowns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'removed', 'kept')", name=op.f("ck_takedowns_state")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["accounts.id"], name=op.f("fk_takedowns_decided_by_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_takedowns_question_id_questions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedowns")),
    )
    op.create_index(op.f("ix_takedowns_decided_by"), "takedowns", ["decided_by"], unique=False)
    op.create_index(
        "ix_takedowns_open", "takedowns", ["created_at"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_index(op.f("ix_takedowns_question_id"), "takedowns", ["question_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sent_for_question_id", sa.Uuid(), nullable=True),
        sa.Column("sent_for_reported_id", sa.Uuid(), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("reported_id", sa.Uuid(), nullable=True),
        sa.Column("company_slug", sa.String(length=80), nullable=False),
        sa.Column("role_slug", sa.String(length=80), nullable=False),
        sa.Column("org_slug", sa.String(length=80), nullable=True),
        sa.Column("level", sa.String(length=80), nullable=True),
        sa.Column("level_code", sa.String(length=40), nullable=True),
        sa.Column("round_kind", sa.String(length=80), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("own_month", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("tested", sa.Text(), nullable=False),
        sa.Column("network", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "month = date_trunc('month', month::timestamp)::date", name=op.f("ck_reports_month_is_its_first_day")
        ),
        sa.CheckConstraint("outcome IN ('offer', 'rejected', 'waiting', 'withdrew')", name=op.f("ck_reports_outcome")),
        sa.CheckConstraint(
            "state IN ('received', 'screened', 'refused', 'corroborated', 'verified', 'declined', 'withdrawn')",
            name=op.f("ck_reports_state"),
        ),
        sa.CheckConstraint("num_nonnulls(question_id, reported_id) >= 1", name=op.f("ck_reports_counts_for_one")),
        sa.CheckConstraint(
            "num_nonnulls(sent_for_question_id, sent_for_reported_id) = 1", name=op.f("ck_reports_sent_for_one")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_reports_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_reports_question_id_questions")),
        sa.ForeignKeyConstraint(
            ["reported_id"], ["reported_questions.id"], name=op.f("fk_reports_reported_id_reported_questions")
        ),
        sa.ForeignKeyConstraint(
            ["sent_for_question_id"], ["questions.id"], name=op.f("fk_reports_sent_for_question_id_questions")
        ),
        sa.ForeignKeyConstraint(
            ["sent_for_reported_id"],
            ["reported_questions.id"],
            name=op.f("fk_reports_sent_for_reported_id_reported_questions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index("ix_reports_account_created", "reports", ["account_id", "created_at"], unique=False)
    op.create_index("ix_reports_network_created", "reports", ["network", "created_at"], unique=False)
    op.create_index(
        "ix_reports_open",
        "reports",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('screened', 'corroborated')"),
    )
    op.create_index(
        "ix_reports_question_id",
        "reports",
        ["question_id"],
        unique=False,
        postgresql_where=sa.text("question_id IS NOT NULL"),
    )
    op.create_index(
        "ix_reports_reported_id",
        "reports",
        ["reported_id"],
        unique=False,
        postgresql_where=sa.text("reported_id IS NOT NULL"),
    )
    op.create_table(
        "report_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=True),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_report_events_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_events_report_id_reports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_events")),
    )
    op.create_index(op.f("ix_report_events_account_id"), "report_events", ["account_id"], unique=False)
    op.create_index("ix_report_events_report_id", "report_events", ["report_id", "id"], unique=False)
    op.create_table(
        "report_merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("reported_id", sa.Uuid(), nullable=True),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("num_nonnulls(question_id, reported_id) = 1", name=op.f("ck_report_merges_into_one")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_report_merges_question_id_questions")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_merges_report_id_reports"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reported_id"], ["reported_questions.id"], name=op.f("fk_report_merges_reported_id_reported_questions")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["accounts.id"], name=op.f("fk_report_merges_reviewer_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["accounts.id"], name=op.f("fk_report_merges_undone_by_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_merges")),
    )
    op.create_index(op.f("ix_report_merges_question_id"), "report_merges", ["question_id"], unique=False)
    op.create_index("ix_report_merges_report_id", "report_merges", ["report_id", "id"], unique=False)
    op.create_index(op.f("ix_report_merges_reported_id"), "report_merges", ["reported_id"], unique=False)
    op.create_index(op.f("ix_report_merges_reviewer_id"), "report_merges", ["reviewer_id"], unique=False)
    op.create_index(op.f("ix_report_merges_undone_by"), "report_merges", ["undone_by"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.String(length=40)), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("experience", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict IN ('verify', 'decline')", name=op.f("ck_reviews_verdict")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_reviews_report_id_reports"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["accounts.id"], name=op.f("fk_reviews_reviewer_id_accounts"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_reviewer_id", "reviews", ["reviewer_id"], unique=False)
    op.create_index(
        "uq_reviews_standing",
        "reviews",
        ["report_id", "reviewer_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.add_column("questions", sa.Column("provenance_was", sa.String(length=20), nullable=True))
    # Checked for new rows from here on; 0028 looks at the old ones without holding writers up.
    op.create_check_constraint(
        op.f("ck_questions_provenance_was"),
        "questions",
        "provenance_was IN ('reported', 'corroborated', 'verified')",
        postgresql_not_valid=True,
    )
    # Samples are kept with what reports say of each question: empty rows are counted anew by the loading that follows
    # every migration, which is not skipped where no version stands.
    op.execute("UPDATE loop_counts SET samples = '[]', digest = ''")
    op.execute("UPDATE subject_counts SET samples = '[]', digest = ''")
    op.execute("DELETE FROM content_versions WHERE name = 'content'")


def downgrade() -> None:
    op.execute("UPDATE loop_counts SET samples = '[]', digest = ''")
    op.execute("UPDATE subject_counts SET samples = '[]', digest = ''")
    op.execute("DELETE FROM content_versions")
    op.drop_column("questions", "provenance_was")
    for table in (
        "reviews",
        "report_merges",
        "report_events",
        "reports",
        "takedowns",
        "reported_questions",
        "report_drafts",
    ):
        op.drop_table(table)
