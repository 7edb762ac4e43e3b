"""The bugs: which text of which file becomes what, and the tests that ought to find it first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One bug; ``directed`` are the arguments of pytest for the tests that are tried first."""

    name: str
    file: str
    old: str
    new: str
    directed: tuple[str, ...]


MUTANTS = (
    Mutant(
        "the payload of an event is applied",
        "events.py",
        "        _work(desk, kind, subject, now)\n",
        "        _work(desk, kind, subject, now)\n"
        "        with desk.uow() as session:\n"
        "            thing = session.get_one(EventRow, event_id).payload['data']['object']\n"
        "            if thing.get('object') == 'subscription':\n"
        "                told = update(Snapshot).where(Snapshot.sub_id == thing['id'])\n"
        "                session.execute(told.values(status=thing['status']))\n",
        ("test_events.py", "-k", "b02"),
    ),
    Mutant(
        "an event of the same second as another is dropped",
        "events.py",
        '"state": "pending" if subject else "ignored"',
        '"state": "pending" if subject and session.execute(select(EventRow.id).where(EventRow.subject == subject,'
        " EventRow.created >= datetime.fromtimestamp(body['created'], UTC)).limit(1)).first() is None else \"ignored\"",
        ("test_events.py", "-k", "b27"),
    ),
    Mutant(
        "the ledger is written before the effect",
        "subscriptions.py",
        "        if session.get(Effect, effect_key) is not None:\n",
        '        if not first_time(session, effect_key, row.account_id, "retry", now):\n',
        ("test_subscriptions.py", "-k", "b18"),
    ),
    Mutant(
        "grace counts from when the failure was heard of",
        "store.py",
        '**columns_of(sub), "fetched_at": now}',
        '**columns_of(sub), "fetched_at": now, "first_failed_at": sub.first_failed_at and now}',
        ("test_subscriptions.py", "-k", "b12"),
    ),
    Mutant(
        "a stale reading is written",
        "sync.py",
        "newest = store.take_turn(claimed.key, claimed.version)",
        "newest = store.take_turn(claimed.key, claimed.version) or True",
        ("test_races.py", "-k", "b03"),
    ),
    Mutant(
        "the trial ends with its day",
        "access.py",
        "facts.trial is not None and now < facts.trial.ends_at",
        "facts.trial is not None and now.date() <= facts.trial.ends_at.date()",
        ("test_time.py", "-k", "b08"),
    ),
    Mutant(
        "a mailbox gets a trial with each account",
        "trial.py",
        "email_hmac=email_hmac, starts_at",
        "email_hmac=account_id.bytes + email_hmac, starts_at",
        ("test_trial.py", "test_checkout.py", "-k", "mailbox or b07"),
    ),
    Mutant(
        "a second subscription is sold",
        "checkout.py",
        "            _make_room(desk, customer_id, now)\n",
        "",
        ("test_checkout.py", "-k", "b05 or b17"),
    ),
    Mutant(
        "the key of a customer is made for each call",
        "customers.py",
        "email=email, key=key)\n    except",
        "email=email, key=_fresh_key(account_id))\n    except",
        ("test_checkout.py", "-k", "b06"),
    ),
    Mutant(
        "the key of a checkout is made for each call",
        "checkout.py",
        "key=held.idempotency_key",
        'key=f"checkout:{uuid4()}"',
        ("test_checkout.py", "-k", "b06"),
    ),
    Mutant(
        "looking at an open checkout ends its reservation",
        "checkout.py",
        'is not desk.gateway.livemode or made.status == "open":',
        "is not desk.gateway.livemode:",
        ("test_checkout.py", "-k", "b05"),
    ),
    Mutant(
        "the rest of a trial is rounded down",
        "checkout.py",
        "-((now - ends_at) // timedelta(days=1))",
        "(ends_at - now) // timedelta(days=1)",
        ("test_checkout.py", "-k", "b09"),
    ),
    Mutant(
        "a signature of the future is taken",
        "signature.py",
        "if age > OLDEST or -age > NEWEST:",
        "if age > OLDEST:",
        ("test_events.py", "-k", "b24"),
    ),
    Mutant(
        "an empty secret signs",
        "signature.py",
        "    check_secrets(secrets)\n",
        "",
        ("test_events.py", "-k", "b24"),
    ),
    Mutant(
        "a fact of the other mode is written",
        "sync.py",
        "if sub.livemode is not livemode:",
        "if sub.livemode is None:",
        ("test_events.py", "-k", "b30"),
    ),
    Mutant(
        "a part given back ends access",
        "service.py",
        "refunded >= amount",
        "refunded > 0",
        ("test_subscriptions.py", "-k", "b20"),
    ),
    Mutant(
        "a bare date of cancelling is not seen",
        "access.py",
        "if sub.cancel_at is not None or (sub.cancel_at_period_end and sub.period_end is not None):",
        "if sub.cancel_at_period_end and sub.period_end is not None:",
        ("test_subscriptions.py", "-k", "b14"),
    ),
    Mutant(
        "of two periods the later end counts",
        "stripe_parse.py",
        "found = min(ends)",
        "found = max(ends)",
        ("test_stripe_parse.py", "-k", "b25"),
    ),
    Mutant(
        "a price of somebody else opens everything",
        "service.py",
        "plan_for(price) is not None",
        "True",
        ("test_subscriptions.py", "-k", "b23"),
    ),
    Mutant(
        "an account is deleted though the provider refused",
        "deletion.py",
        "    except (GatewayDown, Refused) as failed:\n        raise TryAgain(DOWN) from failed\n",
        "    except (GatewayDown, Refused):\n        return\n",
        ("test_reconcile.py", "-k", "b29"),
    ),
    Mutant(
        "a mail goes with every reading",
        "effects.py",
        "if not first_time(session, notice.effect_key, account_id, notice.kind, now):",
        "if first_time(session, notice.effect_key, account_id, notice.kind, now) is None:",
        ("test_events.py", "-k", "b28"),
    ),
    Mutant(
        "an event that came after the reading is settled by it",
        "sync.py",
        "    store.finish(claimed.events)\n",
        "    store.finish(store.open_events(claimed.key))\n",
        ("test_races.py", "-k", "b03"),
    ),
)
