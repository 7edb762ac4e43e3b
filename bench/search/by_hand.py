"""The same results by hand-written SQL: the page and the counts of every facet, as one would write them for one search."""

from dataclasses import dataclass
from typing import Any

import psycopg

from bench.search.shapes import Shape

MONTH = "coalesce(last_reported, '0001-01-01'::date)"
SHOWN = "id, slug, prompt, levels, topic_slug, companies, orgs, round_kind, kind, minutes, provenance, reports, last_reported"
SINGLE = {"topic": "topic_slug", "subtopic": "subtopic_slug", "round": "round_kind", "kind": "kind"}
SINGLE |= {"minutes": "minutes", "provenance": "provenance", "reported": "last_reported"}
MANY = {"company": "companies", "org": "orgs", "level": "levels", "competency": "competencies"}


@dataclass(frozen=True)
class Facts:
    """What fills the blanks of a shape, and where a page far down begins."""

    account: str
    list: str
    word: str

    def fill(self, sql: str) -> str:
        """``sql`` with its blanks filled."""
        for name, value in vars(self).items():
            sql = sql.replace(f"{{{name}}}", value)
        return sql


def page(shape: Shape, facts: Facts, after: tuple[Any, Any] | None = None) -> str:
    """The first questions, or those after a place, one more than a page holds."""
    where = " AND ".join(["retired_at IS NULL", *filter(None, [shape.words]), *shape.facets.values()])
    if after:
        where += f" AND ({MONTH}, id) < ('{after[0]}', '{after[1]}')"
    order = f"{MONTH} DESC, id DESC"
    if shape.order == "recent":
        return facts.fill(f"SELECT {SHOWN} FROM questions WHERE {where} ORDER BY {order} LIMIT 21")
    words = shape.words.partition("@@ ")[2]
    rank = f"ts_rank_cd(search, {words})" if words else f"word_similarity({shape.words.partition('%> ')[2]}, prompt)"
    which = "LIMIT 300" if shape.order == "alike" else f"ORDER BY {order} LIMIT 1000"
    matches = f"SELECT id, search, prompt FROM questions WHERE {where} {which}"
    best = f"SELECT id, (1e6 * {rank})::bigint AS fit FROM ({matches}) m ORDER BY fit DESC, id DESC LIMIT 21"
    return facts.fill(f"SELECT {SHOWN} FROM questions JOIN ({best}) b USING (id) ORDER BY fit DESC, id DESC")


def counts(shape: Shape, facts: Facts, most: int) -> str:
    """Every facet's counts, the facet's own choice set aside, of at most ``most`` questions each."""
    base = ["retired_at IS NULL", *filter(None, [shape.words])]
    sets: dict[str, str] = {"": " AND ".join([*base, *shape.facets.values()])}
    for facet in shape.facets:
        sets[facet] = " AND ".join([*base, *(sql for name, sql in shape.facets.items() if name != facet)])
    parts, blocks = [], []
    for name, where in sets.items():
        block = f"s_{name}"
        wanted = [name] if name else [facet for facet in [*SINGLE, *MANY] if facet not in shape.facets]
        single = [SINGLE[facet] for facet in wanted if facet in SINGLE]
        many = [MANY[facet] for facet in wanted if facet in MANY]
        columns = ", ".join({*single, *many, "topic_slug", "id"})
        # The same ones, where there are more than are counted.
        first = f" ORDER BY {MONTH} DESC, id DESC" if shape.order == "ranked" and not shape.facets else ""
        blocks.append(
            f"{block} AS MATERIALIZED (SELECT {columns} FROM questions WHERE {where}{first} LIMIT {most + 1})"
        )
        parts.append(f"SELECT '{name}', 'total', count(*) FROM {block}")
        if single:
            sets_of = ", ".join(f"({column})" for column in single)
            value = ", ".join(f"{column}::text" for column in single)
            parts.append(
                f"SELECT '{name}', coalesce({value}), count(*) FROM {block} GROUP BY GROUPING SETS ({sets_of})"
            )
        parts += [f"SELECT '{column}', v, count(*) FROM {block}, unnest({column}) v GROUP BY 2" for column in many]
        if name == "role" or (not name and "role" not in shape.facets):
            parts.append(
                f"SELECT 'role', role_slug, count(*) FROM {block} JOIN role_topics USING (topic_slug) GROUP BY 2"
            )
        if name == "seen" or (not name and "seen" not in shape.facets):
            parts.append(
                f"SELECT 'seen', (id IN (SELECT question_id FROM seen_questions WHERE account_id = '{{account}}'))::text,"
                f" count(*) FROM {block} GROUP BY 2"
            )
        if name == "list" or (not name and "list" not in shape.facets):
            parts.append(
                f"SELECT 'list', list_id::text, count(*) FROM {block} JOIN saved_questions ON question_id = id"
                " JOIN saved_lists l ON l.id = list_id WHERE account_id = '{account}' GROUP BY 2"
            )
    rows = " UNION ALL ".join(parts)
    # As one value: many rows cost more to send than to count.
    return facts.fill(f"WITH {', '.join(blocks)} SELECT json_agg(json_build_array(f, v, n)) FROM ({rows}) c(f, v, n)")


def ids(connection: psycopg.Connection, statement: str) -> list[Any]:
    """The ids of a page, without the one row more."""
    return [row[0] for row in connection.execute(statement).fetchall()][:20]
