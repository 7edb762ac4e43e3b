"""One index answers words and facets together, in place of one each whose findings are laid over one another."""

from alembic import op

revision = "0035"
down_revision = "0032"
branch_labels = None
depends_on = None

TOLD = (
    "ARRAY['topic:'::text || topic_slug::text, 'subtopic:'::text || subtopic_slug::text,"
    " 'round:'::text || round_kind::text, 'kind:'::text || kind::text, 'provenance:'::text || provenance::text]"
)
ALONE = {
    "search": "search",
    "companies": "companies",
    "orgs": "orgs",
    "levels": "levels",
    "competencies": "competencies",
}
# Within this transaction, as a whole or not at all: readers go on, whoever writes to the bank waits.
INDEX = f"""
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_questions_live_facets ON questions
 USING gin (search, companies, orgs, levels, competencies, ({TOLD})) WHERE retired_at IS NULL
"""
# Without it the planner takes any of these choices to let in one question of two hundred.
STATISTICS = f"CREATE STATISTICS st_questions_facets ON ({TOLD}) FROM questions"


def upgrade() -> None:
    op.execute(INDEX)
    op.execute(STATISTICS)
    op.execute("ANALYZE questions")
    for name in ALONE:
        op.execute(f"-- squawk-ignore require-concurrent-index-deletion\nDROP INDEX ix_questions_{name}")


def downgrade() -> None:
    for name, column in ALONE.items():
        op.create_index(f"ix_questions_{name}", "questions", [column], postgresql_using="gin")
    op.execute("DROP STATISTICS st_questions_facets")
    op.drop_index("ix_questions_live_facets", "questions")
