"""Messages to the person from any thread."""

from __future__ import annotations

import threading

from himsog_desktop.runtime.messages import MOST_WAITING, Action, Level, Message, Messages


def test_messages_wait_for_a_listener_and_come_in_order() -> None:
    messages, shown = Messages(), list[Message]()
    action = Action("Undo", lambda: None, "Ctrl+Z")
    messages.info("Booked", action)
    messages.warning("Slow")
    messages.listen(shown.append)
    messages.error("Failed")
    assert [(m.level, m.text) for m in shown] == [
        (Level.INFO, "Booked"),
        (Level.WARNING, "Slow"),
        (Level.ERROR, "Failed"),
    ]
    assert shown[0].action is action
    assert messages.left() == ()


def test_a_newer_one_takes_the_place_of_one_that_waits() -> None:
    messages, shown = Messages(), list[Message]()
    messages.info("1 of 3", replace="import")
    messages.info("Booked")
    messages.info("2 of 3", replace="import")
    messages.listen(shown.append)
    messages.info("3 of 3", replace="import")
    assert [m.text for m in shown] == ["Booked", "2 of 3", "3 of 3"]
    assert shown[-1].replace == "import"


def test_too_many_waiting_cost_the_oldest_of_the_least_important() -> None:
    messages = Messages()
    messages.error("important")
    messages.info("first info")
    for n in range(MOST_WAITING):
        messages.warning(str(n))
    left = messages.left()
    assert len(left) == MOST_WAITING
    assert left[0].text == "important"
    assert [m.text for m in left[1:]] == [str(n) for n in range(1, MOST_WAITING)]


def test_what_a_listener_says_comes_after_what_it_shows() -> None:
    messages, shown = Messages(), list[str]()

    def listener(message: Message) -> None:
        if message.text == "one":
            messages.info("three")
        shown.append(message.text)

    messages.info("one")
    messages.info("two")
    messages.listen(listener)
    assert sorted(shown) == ["one", "three", "two"]
    assert shown.index("two") < shown.index("three")


def test_another_listener_takes_over_and_none_keeps_them() -> None:
    messages = Messages()
    first: list[Message] = []
    second: list[Message] = []
    messages.listen(first.append)
    messages.info("a")
    messages.listen(second.append)
    messages.info("b")
    messages.unlisten()
    messages.info("c")
    assert [m.text for m in first] == ["a"]
    assert [m.text for m in second] == ["b"]
    assert [m.text for m in messages.left()] == ["c"]


def test_none_is_lost_or_shown_twice_among_threads() -> None:
    messages, shown = Messages(), list[str]()

    def say(who: int) -> None:
        for n in range(200):
            messages.info(f"{who}:{n:03}")

    messages.listen(lambda m: shown.append(m.text))
    threads = [threading.Thread(target=say, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(shown) == [f"{who}:{n:03}" for who in range(4) for n in range(200)]
    for who in range(4):
        mine = [text for text in shown if text.startswith(f"{who}:")]
        assert mine == sorted(mine)
