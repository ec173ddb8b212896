"""Doctor: what it finds, and what it must not cry about."""

from __future__ import annotations

from datetime import timedelta

from himsog_desktop.domain.commands import Book, NewPatient
from himsog_desktop.services import booking, health, patients
from himsog_desktop.services.desk import Desk
from himsog_desktop.storage import check
from himsog_desktop.system import keyslots, recovery
from tests.support.profiles import KEY, TODAY, World


def _with_keys(world: World) -> None:
    slot = keyslots.recovery_slot("p", KEY, recovery.new_secret())
    keyslots.write(world.path, keyslots.KeySlots("p", keyslots.new_check(KEY), (slot,)), new=True)


def test_a_long_running_program_finds_sound_what_others_wrote_to(world: World) -> None:
    _with_keys(world)
    sits, other = world.desk(), world.desk("ana")
    world.book(other, "08:00", "Written, First")
    assert [p.name for p in patients.find(sits, "fi", 5)] == ["Written, First"]
    # Enough for the search indexes to merge away what the first connection remembers of them.
    for i in range(48):
        wall = f"{8 + i % 4:02d}:{30 * (i // 4 % 2):02d}"
        world.book(other, wall, f"Written, Elsewhere {i}", day=TODAY + timedelta(days=4 + 7 * (i // 8)))
        if i % 12 == 11:
            found = health.doctor(sits, world.path)
            assert found.ok, [f.text for f in found.findings if f.level == health.ERROR]


def test_a_sound_file_is_called_sound(desk: Desk) -> None:
    assert check.file_is_sound(desk.cache.path, desk.cache.key)
    assert check.file_is_sound(desk.cache.path, desk.cache.key, thorough=True)


def test_it_says_that_no_message_is_sent_without_a_server(world: World) -> None:
    _with_keys(world)
    desk = world.desk()

    def told() -> str:
        found = health.doctor(desk, world.path, thorough=False)
        return next(f.text for f in found.findings if f.name == "messages")

    new = NewPatient("Reyes, Ana", "ana@mail.example")
    booking.book(desk, Book(world.provider("cruz"), world.at("09:00"), new_patient=new))
    assert told() == "1 message to patients waits their three minutes."
    world.clock.forward(3)
    assert told() == "1 message to patients is due. This profile has no server, so none is sent."


def test_a_shared_profile_says_what_waits_and_what_was_refused(world: World, desk: Desk) -> None:
    from himsog_desktop.domain.intents import Trouble
    from himsog_desktop.services import profiles
    from himsog_desktop.storage import unread
    from tests.support.refusals import Refusals, settle_all, share

    _with_keys(world)
    share(desk)
    there = world.book(desk, "10:00")
    profile = desk.cache.path.parent

    def level(name: str) -> str:
        return next(f.level for f in health.doctor(desk, profile).findings if f.name == name)

    assert (level("projection"), level("waiting"), level("attention")) == ("ok", "ok", "ok")
    assert level("unread") == "ok"
    unread.note(desk.cache.writer, [("appointment", "from a newer program")], ())
    assert level("unread") == "warning"
    unread.note(desk.cache.writer, [], {("appointment", "from a newer program")})
    assert profiles.info(desk, profile).counts.pending == 2
    settle_all(desk)
    Refusals(desk).change(there.id, Trouble.FIELD, {"notes": "mine"})
    assert level("attention") == "warning"
    counts = profiles.info(desk, profile).counts
    assert (counts.pending, counts.attention) == (0, 1)
    desk.cache.writer.execute("INSERT INTO base VALUES ('appointment', ?, '{}')", (there.id,))
    assert level("projection") == "error"
