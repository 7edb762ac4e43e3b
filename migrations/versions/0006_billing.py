"""Customers, checkouts, snapshots, fences, comps, holds, refunds, events, effects, audit and drift of billing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_key", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("act_key", name=op.f("uq_audit_act_key")),
        schema="billing",
    )
    op.create_index(op.f("ix_billing_audit_account_id"), "audit", ["account_id"], unique=False, schema="billing")
    op.create_table(
        "checkout_reservations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.String(length=80), nullable=False),
        sa.Column("trial_days", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=False),
        sa.Column("session_id", sa.String(length=255), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout_reservations")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_checkout_reservations_idempotency_key")),
        sa.UniqueConstraint("session_id", name=op.f("uq_checkout_reservations_session_id")),
        schema="billing",
    )
    op.create_index(
        "uq_checkout_open",
        "checkout_reservations",
        ["account_id"],
        unique=True,
        schema="billing",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "comps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("grant_key", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comps")),
        sa.UniqueConstraint("grant_key", name=op.f("uq_comps_grant_key")),
        schema="billing",
    )
    op.create_index(op.f("ix_billing_comps_account_id"), "comps", ["account_id"], unique=False, schema="billing")
    op.create_table(
        "customers",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.String(length=255), nullable=True),
        sa.Column("idempotency_key", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_customers")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_customers_provider_id")),
        schema="billing",
    )
    op.create_table(
        "drifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("object_id", sa.String(length=255), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("healed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drifts")),
        schema="billing",
    )
    op.create_index(op.f("ix_billing_drifts_account_id"), "drifts", ["account_id"], unique=False, schema="billing")
    op.create_index(op.f("ix_billing_drifts_found_at"), "drifts", ["found_at"], unique=False, schema="billing")
    op.create_table(
        "effects",
        sa.Column("effect_key", sa.String(length=300), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("effect_key", name=op.f("pk_effects")),
        schema="billing",
    )
    op.create_index(op.f("ix_billing_effects_account_id"), "effects", ["account_id"], unique=False, schema="billing")
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("api_version", sa.String(length=60), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'processing', 'done', 'ignored', 'failed')", name=op.f("ck_events_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        schema="billing",
    )
    op.create_index(
        "ix_events_open",
        "events",
        ["subject"],
        unique=False,
        schema="billing",
        postgresql_where=sa.text("state IN ('pending', 'processing', 'failed')"),
    )
    op.create_index("ix_events_received", "events", ["received_at"], unique=False, schema="billing")
    op.create_table(
        "fences",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("want", sa.BigInteger(), nullable=False),
        sa.Column("applied", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_fences")),
        schema="billing",
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("livemode", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sa.UniqueConstraint("reference", name=op.f("uq_holds_reference")),
        schema="billing",
    )
    op.create_index(op.f("ix_billing_holds_account_id"), "holds", ["account_id"], unique=False, schema="billing")
    op.create_table(
        "refunds",
        sa.Column("charge_id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sub_id", sa.String(length=255), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("charge_id", name=op.f("pk_refunds")),
        schema="billing",
    )
    op.create_index(op.f("ix_billing_refunds_account_id"), "refunds", ["account_id"], unique=False, schema="billing")
    op.create_table(
        "subscription_snapshots",
        sa.Column("sub_id", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("price", sa.String(length=255), nullable=False),
        sa.Column("period_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_at_period_end", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_invoice", sa.String(length=255), nullable=True),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("api_version", sa.String(length=60), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sub_id", name=op.f("pk_subscription_snapshots")),
        schema="billing",
    )
    op.create_index(
        op.f("ix_billing_subscription_snapshots_account_id"),
        "subscription_snapshots",
        ["account_id"],
        unique=False,
        schema="billing",
    )
    op.create_index(
        op.f("ix_billing_subscription_snapshots_customer_id"),
        "subscription_snapshots",
        ["customer_id"],
        unique=False,
        schema="billing",
    )


def downgrade() -> None:
    op.drop_index(
        op.f("ix_billing_subscription_snapshots_customer_id"), table_name="subscription_snapshots", schema="billing"
    )
    op.drop_index(
        op.f("ix_billing_subscription_snapshots_account_id"), table_name="subscription_snapshots", schema="billing"
    )
    op.drop_table("subscription_snapshots", schema="billing")
    op.drop_index(op.f("ix_billing_refunds_account_id"), table_name="refunds", schema="billing")
    op.drop_table("refunds", schema="billing")
    op.drop_index(op.f("ix_billing_holds_account_id"), table_name="holds", schema="billing")
    op.drop_table("holds", schema="billing")
    op.drop_table("fences", schema="billing")
    op.drop_index("ix_events_received", table_name="events", schema="billing")
    op.drop_index(
        "ix_events_open",
        table_name="events",
        schema="billing",
        postgresql_where=sa.text("state IN ('pending', 'processing', 'failed')"),
    )
    op.drop_table("events", schema="billing")
    op.drop_index(op.f("ix_billing_effects_account_id"), table_name="effects", schema="billing")
    op.drop_table("effects", schema="billing")
    op.drop_index(op.f("ix_billing_drifts_found_at"), table_name="drifts", schema="billing")
    op.drop_index(op.f("ix_billing_drifts_account_id"), table_name="drifts", schema="billing")
    op.drop_table("drifts", schema="billing")
    op.drop_table("customers", schema="billing")
    op.drop_index(op.f("ix_billing_comps_account_id"), table_name="comps", schema="billing")
    op.drop_table("comps", schema="billing")
    op.drop_index(
        "uq_checkout_open",
        table_name="checkout_reservations",
        schema="billing",
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("checkout_reservations", schema="billing")
    op.drop_index(op.f("ix_billing_audit_account_id"), table_name="audit", schema="billing")
    op.drop_table("audit", schema="billing")
