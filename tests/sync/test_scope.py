"""One profile, several people: who sees less takes over, and what she may not see leaves the file (reliability, P31).

What waits is never touched by it, and who sees more again finds everything.
"""

import uuid
from contextlib import closing

import psycopg
import pytest

from himsog_desktop.domain.commands import Move, WriteNote
from himsog_desktop.domain.people import Role
from himsog_desktop.server import people
from himsog_desktop.services import booking, sessions
from himsog_desktop.storage import check
from himsog_desktop.storage.connection import open_raw
from tests.support.profiles import KEY, MANILA, TODAY
from tests.support.stations import CLINIC, PASSWORD, Clinic, Station

pytestmark = pytest.mark.timeout(200)


def provider_of(clinic: Clinic, key: str = "cruz") -> str:
    """A new login whose own column is that provider's."""
    login = f"own-{uuid.uuid4().hex[:10]}"
    with psycopg.connect(clinic.database.url) as db:
        row = db.execute(
            "SELECT d.provider_id, p.user_id FROM desk.provider_desk AS d"
            " JOIN public.providers AS p ON p.id = d.provider_id WHERE d.key = %s",
            (key,),
        ).fetchone()
        assert row is not None
        # The set-up may have the person already, without a login.
        db.execute("UPDATE desk.staff SET login = %s WHERE id = %s", (login, row[1]))
    people.add(clinic.database.url, people.Wanted(login, Role.PROVIDER, [CLINIC], provider=row[0], password=PASSWORD))
    return login


def everything_in(station: Station) -> str:
    """All that the file says, in one text; its tiles and search words are those of its rows."""
    with closing(open_raw(station.folder / "cache.db", KEY)) as raw:
        names = [
            row[0]
            for row in raw.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'patient_prefix*'"
                " AND name NOT GLOB 'patient_trigram*'"
            )
        ]
        assert check.wrong_tiles(raw) == 0
        assert check.wrong_search(raw) == 0
        assert not list(check.misfolded(raw, CLINIC))
        assert not [name for name in names if name.startswith("new_")]
        return "\n".join(str(row) for name in names for row in raw.execute(f"SELECT * FROM {name}"))


def swap(station: Station, out: str, into: str) -> None:
    """One signs out, another in."""
    station.close()
    with station.cache() as cache:
        sessions.sign_out(cache, out)
    station.login = into
    station.sign_in()


def canaries(clinic: Clinic, station: Station) -> None:
    """Forty patients without an appointment, and one who comes to Dr Lim."""
    with psycopg.connect(clinic.database.url, autocommit=True) as db:
        db.execute(
            """INSERT INTO public."user" (id, name, email, "updatedAt")
               SELECT 'w' || i, 'Canary ' || i, 'w' || i || '@web.example', now() FROM generate_series(1, 40) AS i"""
        )
        db.execute(
            "SELECT desk.admit(%s::text, (SELECT array_agg('w' || i) FROM generate_series(1, 40) AS i))", (CLINIC,)
        )
    station.book("09:00", "Canary, Nina", provider="lim")
    found = station.sync()
    assert (found.state, found.refused) == ("done", 0)


def test_what_who_takes_over_may_not_see_leaves_the_file(clinic: Clinic) -> None:
    a = clinic.station(Role.MANAGER)
    manager = a.login
    canaries(clinic, a)
    a.book("09:00", "Reyes, Ana")
    a.sync()
    assert everything_in(a).count("Canary") > 40
    swap(a, manager, provider_of(clinic))
    found = a.sync()
    assert (found.state, found.mode, found.waiting) == ("done", "full", 0)
    assert "Canary" not in everything_in(a)
    assert a.appointments() == [("Reyes, Ana", "09:00", "synced")]
    # From here on by what changed.
    assert (a.sync().mode, a.sync().state) == ("delta", "done")
    swap(a, a.login, manager)
    assert a.sync().mode == "full"
    assert everything_in(a).count("Canary") > 40
    assert sorted(a.appointments()) == [("Canary, Nina", "09:00", "synced"), ("Reyes, Ana", "09:00", "synced")]


def test_what_waits_stays_with_the_patient_it_names_until_it_is_settled(clinic: Clinic) -> None:
    a = clinic.station(Role.MANAGER)
    manager = a.login
    canaries(clinic, a)
    held = a.book("11:00", "Held, Hana", provider="lim")
    a.sync()
    booking.write_note(a.desk, WriteNote(held.id, "waits"))
    a.book("13:00", "Waiting, Wanda", provider="lim")
    swap(a, manager, provider_of(clinic))
    found = a.sync()
    assert (found.state, found.waiting) == ("done", 3)
    text = everything_in(a)
    assert "Canary" not in text
    with a.cache() as cache:
        shown = cache.reader.execute("SELECT name, note FROM tile ORDER BY start").fetchall()
    assert shown == [("Held, Hana", "waits"), ("Waiting, Wanda", None)]
    # Again all of it: nothing of it is lost by the next snapshot either.
    swap(a, a.login, provider_of(clinic, "tan"))
    assert a.sync().waiting == 3
    with a.cache() as cache:
        assert cache.reader.execute("SELECT name, note FROM tile ORDER BY start").fetchall() == shown
    # Beside the provider the manager signs in, sends it, and goes: then it goes too.
    provider = a.login
    a.login = manager
    a.sign_in()
    found = a.sync()
    assert (found.state, found.waiting, found.refused) == ("done", 0, 0)
    assert everything_in(a).count("Canary") > 40
    swap(a, manager, provider)
    a.sync()
    assert not [name for name in ("Canary", "Held", "Wanda", "waits") if name in everything_in(a)]
    b = clinic.station()
    assert ("Held, Hana", "11:00", "synced") in b.appointments()


def test_rights_that_are_narrowed_at_the_server_narrow_the_file(clinic: Clinic) -> None:
    a = clinic.station()
    canaries(clinic, a)
    a.book("10:00", "Canary, Nora", provider="lim")
    with psycopg.connect(clinic.database.url, autocommit=True) as db:
        db.execute("UPDATE desk.staff SET role = 'provider' WHERE login = %s", (a.login,))
    found = a.sync()
    assert (found.state, found.waiting) == ("done", 0)
    text = everything_in(a)
    # What was refused waits for a person, on every desk of the clinic and here.
    assert "Canary, Nina" not in text
    assert "Canary 7" not in text
    assert a.status().attention == found.refused == 2


def test_what_goes_to_another_column_leaves_the_file_with_its_history(clinic: Clinic) -> None:
    a, own = clinic.station(), clinic.empty(provider_of(clinic))
    own.connect()
    own.sign_in()
    booked = a.book("09:00", "Canary, Nina")
    a.sync()
    assert own.sync().mode == "full"
    booking.write_note(own.desk, WriteNote(booked.id, "Canary note"))
    assert (own.sync().mode, own.sync().refused) == ("delta", 0)
    a.sync()
    lim = a.desk.reader.execute("SELECT provider_id FROM provider_desk WHERE key = 'lim'").fetchone()[0]
    booking.move(a.desk, Move(booked.id, MANILA.instant(TODAY, 10 * 60), provider_id=lim))
    a.sync()
    own.sync()
    assert own.appointments() == []
    assert "Canary note" not in everything_in(own)


def test_of_two_providers_at_one_computer_the_day_of_whoever_sits_there_is_here(clinic: Clinic) -> None:
    desk, shared = clinic.station(), clinic.empty(provider_of(clinic))
    booked = desk.book("09:00", "Cruzes, Carla")
    desk.book("10:00", "Limson, Lea", provider="lim")
    desk.sync()
    shared.connect()
    shared.sign_in()
    shared.sync()
    assert [name for name, *_ in shared.appointments()] == ["Cruzes, Carla"]
    first, second = shared.login, provider_of(clinic, "lim")
    booking.write_note(shared.desk, WriteNote(booked.id, "of her own"))
    shared.close()
    # Whichever name comes first in the alphabet.
    for login, seen, gone in ((second, "Limson", "Cruzes"), (first, "Cruzes", "Limson"), (second, "Limson", "Cruzes")):
        shared.sign_in(login)
        with shared.cache() as cache:
            assert sessions.kept.seated(cache.reader) == login
            assert set(sessions.signed_in(cache)) == {first, second}
        found = shared.sync()
        assert (found.state, found.waiting, found.refused) == ("done", 0, 0)
        text = everything_in(shared)
        assert seen in text
        assert gone not in text
    # What the first did went out in her name beside the other.
    with psycopg.connect(clinic.database.url) as db:
        author = db.execute(
            "SELECT s.login FROM desk.ledger AS l JOIN desk.staff AS s ON s.id = l.author WHERE l.kind LIKE '%%note%%'"
        ).fetchone()
    assert author == (first,)


def test_whoever_signs_in_sits_there_however_much_others_see(clinic: Clinic) -> None:
    a = clinic.station(Role.MANAGER)
    manager, second = a.login, clinic.person()
    with a.cache() as cache:
        assert sessions.kept.seated(cache.reader) == manager
    a.sign_in(second)
    with a.cache() as cache:
        assert sessions.kept.seated(cache.reader) == second
        assert sessions.signed_in(cache) == [manager, second]
        # Somebody else's going changes nothing for who sits there; her own leaves the seat to who is left.
        sessions.sign_out(cache, manager)
        assert sessions.kept.seated(cache.reader) == second
    a.sign_in(manager)
    with a.cache() as cache:
        sessions.sign_out(cache, manager)
        assert sessions.kept.seated(cache.reader) == second
