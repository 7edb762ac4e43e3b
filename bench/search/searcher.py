"""Somebody who searches in a bank: an account with questions seen and a list, made for one run."""

import psycopg

from bench.search.banks import Bank
from bench.search.by_hand import Facts
from lift.kernel.ids import uuid7

SEEN = 400
SAVED = 120


def furnish(bank: Bank, email: str) -> Facts:
    """Give the account of ``email`` questions that it has seen and a list; what the shapes need to know of the bank."""
    with psycopg.connect(bank.dsn, autocommit=True) as connection:
        account = _one(connection, "SELECT id FROM accounts WHERE email = %s", email)
        made = uuid7()
        connection.execute(
            "INSERT INTO saved_lists (id, account_id, name, created_at) VALUES (%s, %s, 'bench', now())",
            [made, account],
        )
        some = "SELECT id FROM questions TABLESAMPLE SYSTEM (%s) WHERE retired_at IS NULL LIMIT %s"
        share = min(100, 4 * 100 * SEEN / bank.size)
        connection.execute(
            f"INSERT INTO seen_questions (account_id, question_id, seen_at) SELECT %s, id, now() FROM ({some}) q",
            [account, share, SEEN],
        )
        connection.execute(
            f"INSERT INTO saved_questions (list_id, question_id, added_at) SELECT %s, id, now() FROM ({some}) q",
            [made, share, SAVED],
        )
        connection.execute("ANALYZE seen_questions, saved_questions")
        return Facts(str(account), str(made), _rare_word(connection))


def _one(connection: psycopg.Connection, statement: str, *values: object) -> object:
    row = connection.execute(statement, values).fetchone()
    if row is None:
        raise SystemExit(f"nothing found: {statement}")
    return row[0]


def _rare_word(connection: psycopg.Connection) -> str:
    """The name of a system in the middle of the bank: names fall off like Zipf's, so most are in few questions."""
    prompt = str(_one(connection, "SELECT prompt FROM questions WHERE origin = 'desk' ORDER BY id LIMIT 1 OFFSET 777"))
    return prompt.partition(" runs ")[2].partition(",")[0].lower()
