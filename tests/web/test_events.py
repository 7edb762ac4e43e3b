"""Event streams end, wake up, and give their place back."""

import gc
from typing import Any

from redis import Redis

from lift.web.events import Hub, follow


def hub(redis_url: str, capacity: int = 2) -> Hub:
    return Hub(Redis.from_url(redis_url), capacity)


def test_a_stream_for_a_ready_answer_says_done_at_once(redis_url: str) -> None:
    made = hub(redis_url)
    said = "".join(follow(made, "a", lambda: True))
    assert "event: done" in said


def test_an_announcement_wakes_the_stream_that_waits(redis_url: str) -> None:
    made = hub(redis_url)
    looks: list[Any] = []

    def ready_at_second_look() -> bool:
        looks.append(1)
        if len(looks) == 1:
            made._wake("a")
        return len(looks) == 2

    assert "event: done" in "".join(follow(made, "a", ready_at_second_look, seconds=8))


def test_a_stream_ends_by_itself_and_asks_the_page_to_come_again(redis_url: str) -> None:
    made = hub(redis_url)
    assert "event: again" in "".join(follow(made, "a", lambda: False, seconds=0.01))


def test_streams_take_at_most_their_share_of_the_threads_and_give_it_back(redis_url: str) -> None:
    made = hub(redis_url, capacity=1)
    first = made.stream("a", lambda: True)
    assert made.stream("a", lambda: True).status_code == 503
    first.close()
    assert made.stream("a", lambda: True).status_code == 200


def test_a_place_is_given_back_once_however_often_the_stream_is_closed(redis_url: str) -> None:
    made = hub(redis_url, capacity=1)
    first = made.stream("a", lambda: True)
    first.close()
    first.close()
    kept = made.stream("a", lambda: True)
    assert made.stream("a", lambda: True).status_code == 503
    kept.close()


def test_a_stream_that_is_dropped_unread_and_unclosed_gives_its_place_back(redis_url: str) -> None:
    made = hub(redis_url, capacity=1)
    made.stream("a", lambda: True)
    gc.collect()
    assert made.try_enter()
