"""The first schema: accounts, sessions, trials, catalogue, bank, answers, jobs, mail and notices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for extension in ("citext", "pg_trgm", "unaccent"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute("CREATE SCHEMA IF NOT EXISTS billing")
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", postgresql.CITEXT(), nullable=False),
        sa.Column("email_canonical", sa.String(length=400), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timezone", sa.String(length=64), server_default="UTC", nullable=False),
        sa.Column("target_company", sa.String(length=80), nullable=True),
        sa.Column("target_role", sa.String(length=80), nullable=True),
        sa.Column("target_level", sa.String(length=80), nullable=True),
        sa.Column("interview_date", sa.Date(), nullable=True),
        sa.Column("onboarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "common_levels",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("calibration", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_common_levels")),
    )
    op.create_table(
        "companies",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("short_ladder", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("emphasis", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("platform_primitives", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("behavioural_frame", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("level_separators", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("stack", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("basis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_companies")),
    )
    op.create_table(
        "content_versions",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_content_versions")),
    )
    op.create_table(
        "dimensions",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("family", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("anchors", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("evidence_cues", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("red_flags", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("separates", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_dimensions")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("job", "key", name=op.f("uq_jobs_job")),
    )
    op.create_index(
        "ix_jobs_open",
        "jobs",
        ["run_after"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
    )
    op.create_table(
        "question_kinds",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_question_kinds")),
    )
    op.create_table(
        "roles",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("content", sa.String(length=20), nullable=False),
        sa.Column("round_kinds", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_roles")),
    )
    op.create_table(
        "round_kinds",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("family", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("shortest", sa.Integer(), nullable=False),
        sa.Column("longest", sa.Integer(), nullable=False),
        sa.Column("run_by", sa.Text(), nullable=False),
        sa.Column("levels", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("topics", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("phases", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("goals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("moves", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("scoring", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_round_kinds")),
    )
    op.create_table(
        "topics",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("terms", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("default_dimensions", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("round_kinds", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_topics")),
    )
    op.create_table(
        "account_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_tokens_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_tokens_token_hash")),
    )
    op.create_index("ix_account_tokens_account_id", "account_tokens", ["account_id"], unique=False)
    op.create_table(
        "ladder_levels",
        sa.Column("company_slug", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("common_level", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("confidence", sa.String(length=10), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["common_level"], ["common_levels.slug"], name=op.f("fk_ladder_levels_common_level_common_levels")
        ),
        sa.ForeignKeyConstraint(
            ["company_slug"], ["companies.slug"], name=op.f("fk_ladder_levels_company_slug_companies")
        ),
        sa.PrimaryKeyConstraint("company_slug", "code", name=op.f("pk_ladder_levels")),
    )
    op.create_table(
        "loop_rounds",
        sa.Column("company_slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("run_by", sa.Text(), nullable=False),
        sa.Column("looks_for", sa.Text(), nullable=False),
        sa.Column("levels", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("confidence", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_slug"], ["companies.slug"], name=op.f("fk_loop_rounds_company_slug_companies")
        ),
        sa.ForeignKeyConstraint(["kind"], ["round_kinds.slug"], name=op.f("fk_loop_rounds_kind_round_kinds")),
        sa.PrimaryKeyConstraint("company_slug", "position", name=op.f("pk_loop_rounds")),
    )
    op.create_table(
        "mail_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("effect_key", sa.String(length=160), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_mail_messages_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_messages")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_mail_messages_effect_key")),
    )
    op.create_index(op.f("ix_mail_messages_account_id"), "mail_messages", ["account_id"], unique=False)
    op.create_index("ix_mail_messages_created_at", "mail_messages", ["created_at"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("effect_key", sa.String(length=160), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("href", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_notices_effect_key")),
    )
    op.create_index("ix_notices_account_created", "notices", ["account_id", "created_at"], unique=False)
    op.create_table(
        "orgs",
        sa.Column("company_slug", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_slug"], ["companies.slug"], name=op.f("fk_orgs_company_slug_companies")),
        sa.PrimaryKeyConstraint("company_slug", "slug", name=op.f("pk_orgs")),
    )
    op.create_table(
        "quota_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("effect_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_quota_entries_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_entries")),
        sa.UniqueConstraint("effect_key", name=op.f("uq_quota_entries_effect_key")),
    )
    op.create_index("ix_quota_entries_account_at", "quota_entries", ["account_id", "at"], unique=False)
    op.create_table(
        "role_topics",
        sa.Column("role_slug", sa.String(length=80), nullable=False),
        sa.Column("topic_slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("subtopics", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_slug"], ["roles.slug"], name=op.f("fk_role_topics_role_slug_roles")),
        sa.PrimaryKeyConstraint("role_slug", "topic_slug", name=op.f("pk_role_topics")),
    )
    op.create_index("ix_role_topics_topic_slug", "role_topics", ["topic_slug"], unique=False)
    op.create_table(
        "subtopics",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("topic_slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["topic_slug"], ["topics.slug"], name=op.f("fk_subtopics_topic_slug_topics")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_subtopics")),
    )
    op.create_index(op.f("ix_subtopics_topic_slug"), "subtopics", ["topic_slug"], unique=False)
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_email", sa.String(length=320), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_web_sessions_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_sessions_token_hash")),
    )
    op.create_index("ix_web_sessions_account_id", "web_sessions", ["account_id"], unique=False)
    op.create_table(
        "competencies",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("subtopic_slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("question_kinds", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("strong_answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("common_mistakes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("levels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sources", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subtopic_slug"], ["subtopics.slug"], name=op.f("fk_competencies_subtopic_slug_subtopics")
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_competencies")),
    )
    op.create_index(op.f("ix_competencies_subtopic_slug"), "competencies", ["subtopic_slug"], unique=False)
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("round_kind", sa.String(length=80), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("levels", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("topic_slug", sa.String(length=80), nullable=False),
        sa.Column("subtopic_slug", sa.String(length=80), nullable=False),
        sa.Column("competencies", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("companies", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("orgs", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("signals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("followups", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("pitfalls", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("by_level", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outline", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("provenance", sa.String(length=20), nullable=False),
        sa.Column("rubric_version", sa.String(length=64), nullable=False),
        sa.Column("key_points", sa.Text(), nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(
                "((setweight(to_tsvector('english'::regconfig, prompt), 'A'::\"char\") || setweight(to_tsvector('english'::regconfig, key_points), 'B'::\"char\")) || setweight(to_tsvector('english'::regconfig, COALESCE(context, ''::text)), 'C'::\"char\"))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "provenance IN ('editorial', 'reported', 'corroborated', 'verified')", name=op.f("ck_questions_provenance")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 90", name=op.f("ck_questions_minutes")),
        sa.ForeignKeyConstraint(["kind"], ["question_kinds.slug"], name=op.f("fk_questions_kind_question_kinds")),
        sa.ForeignKeyConstraint(["round_kind"], ["round_kinds.slug"], name=op.f("fk_questions_round_kind_round_kinds")),
        sa.ForeignKeyConstraint(
            ["subtopic_slug"], ["subtopics.slug"], name=op.f("fk_questions_subtopic_slug_subtopics")
        ),
        sa.ForeignKeyConstraint(["topic_slug"], ["topics.slug"], name=op.f("fk_questions_topic_slug_topics")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("slug", name=op.f("uq_questions_slug")),
    )
    op.create_index("ix_questions_companies", "questions", ["companies"], unique=False, postgresql_using="gin")
    op.create_index("ix_questions_competencies", "questions", ["competencies"], unique=False, postgresql_using="gin")
    op.create_index("ix_questions_levels", "questions", ["levels"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_questions_live_topic",
        "questions",
        ["topic_slug", "subtopic_slug"],
        unique=False,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_index("ix_questions_orgs", "questions", ["orgs"], unique=False, postgresql_using="gin")
    op.create_index(
        "ix_questions_prompt_trigrams",
        "questions",
        ["prompt"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"prompt": "gin_trgm_ops"},
    )
    op.create_index("ix_questions_search", "questions", ["search"], unique=False, postgresql_using="gin")
    op.create_table(
        "answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.CheckConstraint("confidence BETWEEN 1 AND 4", name=op.f("ck_answers_confidence")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_answers_account_id_accounts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["answers.id"], name=op.f("fk_answers_previous_id_answers"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_answers_question_id_questions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_index("ix_answers_account_started", "answers", ["account_id", "started_at"], unique=False)
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scorer", sa.String(length=40), nullable=False),
        sa.Column("scorer_version", sa.String(length=40), nullable=False),
        sa.Column("rubric_version", sa.String(length=64), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("band", sa.Integer(), nullable=True),
        sa.Column("highest_level", sa.String(length=20), nullable=True),
        sa.Column("followup_signal", sa.Integer(), nullable=True),
        sa.Column("rubric", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("dimensions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_assessments_answer_id_answers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_assessments_answer_id")),
    )
    op.create_table(
        "trial_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("email_hmac", sa.LargeBinary(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at - starts_at = interval '168 hours'", name=op.f("ck_trial_grants_lasts_168_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_grants")),
        sa.UniqueConstraint("account_id", name=op.f("uq_trial_grants_account_id")),
        sa.UniqueConstraint("email_hmac", name=op.f("uq_trial_grants_email_hmac")),
        schema="billing",
    )


def downgrade() -> None:
    op.drop_table("trial_grants", schema="billing")
    op.drop_table("assessments")
    op.drop_index("ix_answers_account_started", table_name="answers")
    op.drop_table("answers")
    op.drop_index("ix_questions_search", table_name="questions", postgresql_using="gin")
    op.drop_index(
        "ix_questions_prompt_trigrams",
        table_name="questions",
        postgresql_using="gin",
        postgresql_ops={"prompt": "gin_trgm_ops"},
    )
    op.drop_index("ix_questions_orgs", table_name="questions", postgresql_using="gin")
    op.drop_index("ix_questions_live_topic", table_name="questions", postgresql_where=sa.text("retired_at IS NULL"))
    op.drop_index("ix_questions_levels", table_name="questions", postgresql_using="gin")
    op.drop_index("ix_questions_competencies", table_name="questions", postgresql_using="gin")
    op.drop_index("ix_questions_companies", table_name="questions", postgresql_using="gin")
    op.drop_table("questions")
    op.drop_index(op.f("ix_competencies_subtopic_slug"), table_name="competencies")
    op.drop_table("competencies")
    op.drop_index("ix_web_sessions_account_id", table_name="web_sessions")
    op.drop_table("web_sessions")
    op.drop_index(op.f("ix_subtopics_topic_slug"), table_name="subtopics")
    op.drop_table("subtopics")
    op.drop_index("ix_role_topics_topic_slug", table_name="role_topics")
    op.drop_table("role_topics")
    op.drop_index("ix_quota_entries_account_at", table_name="quota_entries")
    op.drop_table("quota_entries")
    op.drop_table("orgs")
    op.drop_index("ix_notices_account_created", table_name="notices")
    op.drop_table("notices")
    op.drop_index("ix_mail_messages_created_at", table_name="mail_messages")
    op.drop_index(op.f("ix_mail_messages_account_id"), table_name="mail_messages")
    op.drop_table("mail_messages")
    op.drop_table("loop_rounds")
    op.drop_table("ladder_levels")
    op.drop_index("ix_account_tokens_account_id", table_name="account_tokens")
    op.drop_table("account_tokens")
    op.drop_table("topics")
    op.drop_table("round_kinds")
    op.drop_table("roles")
    op.drop_table("question_kinds")
    op.drop_index("ix_jobs_open", table_name="jobs", postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL"))
    op.drop_table("jobs")
    op.drop_table("dimensions")
    op.drop_table("content_versions")
    op.drop_table("companies")
    op.drop_table("common_levels")
    op.drop_table("accounts")
    op.execute("DROP SCHEMA billing")
