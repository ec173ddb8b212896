"""Two workstations, one PostgreSQL: what one does is seen at the other, and nothing is lost on the way."""

import psycopg
import pytest

from himsog_desktop.domain.errors import BadInput, NoAccess, Refused
from himsog_desktop.domain.people import Role
from himsog_desktop.services import profiles, sessions
from himsog_desktop.storage.cache import Cache
from tests.support.profiles import KEY
from tests.support.stations import CLINIC, PASSWORD, Clinic

pytestmark = pytest.mark.timeout(200)


def test_what_one_books_the_other_sees(each_clinic: Clinic) -> None:
    a, b = each_clinic.station(), each_clinic.station()
    booked = a.book("09:00")
    assert booked.sync == "pending"
    assert (a.status().waiting, a.status().state) == (2, "online")
    found = a.sync()
    assert (found.state, found.pushed, found.refused, found.waiting) == ("done", 2, 0, 0)
    assert a.appointments() == [("Reyes, Ana", "09:00", "synced")]
    assert b.appointments() == []
    found = b.sync()
    assert (found.state, found.mode, found.pulled) == ("done", "delta", 2)
    assert b.appointments() == [("Reyes, Ana", "09:00", "synced")]
    assert b.status().last_sync == each_clinic.clock.now()


def test_a_new_workstation_is_filled_with_everything(each_clinic: Clinic) -> None:
    a = each_clinic.station()
    a.book("09:00")
    a.sync()
    late = each_clinic.empty(each_clinic.person())
    late.connect()
    signed = late.sign_in()
    assert (signed.role, signed.clinic, signed.signed_in) == ("receptionist", CLINIC, [late.login])
    assert late.sync().mode == "full"
    assert late.appointments() == [("Reyes, Ana", "09:00", "synced")]
    assert late.desk.clinic.name == "Clinic under test"
    with late.cache() as cache:
        logins = {row[0] for row in cache.reader.execute("SELECT login FROM staff")}
    assert {a.login, late.login} <= logins


def test_of_two_that_book_the_same_time_one_needs_attention(clinic: Clinic) -> None:
    a, b = clinic.station(), clinic.station()
    a.book("09:00", "Reyes, Ana")
    b.book("09:00", "Cruz, Ben")
    assert a.sync().refused == 0
    found = b.sync()
    assert (found.state, found.refused, found.waiting) == ("done", 1, 0)
    assert b.status().attention == 1
    a.sync()
    taken = [("Reyes, Ana", "09:00", "synced")]
    assert (a.appointments(), b.appointments()) == (taken, taken)


def test_what_is_done_offline_waits_and_goes_out_later(clinic: Clinic) -> None:
    a, b = clinic.station(), clinic.station()
    a.connect("postgresql://127.0.0.1:9/himsog")
    a.book("09:00")
    found = a.sync()
    assert (found.state, found.waiting, found.pushed) == ("offline", 2, 0)
    assert found.reason is not None
    assert "no database answers" in found.reason
    assert (a.status().state, a.status().reason) == ("offline", found.reason)
    a.book("10:00", "Cruz, Ben")
    a.connect()
    assert (a.sync().state, a.status().state, a.status().reason) == ("done", "online", "")
    b.sync()
    assert b.appointments() == [("Reyes, Ana", "09:00", "synced"), ("Cruz, Ben", "10:00", "synced")]


def test_that_much_may_go_holds_until_it_was_done(clinic: Clinic) -> None:
    a = clinic.station()
    with psycopg.connect(clinic.database.url, autocommit=True) as db:
        db.execute(
            """INSERT INTO public."user" (id, name, email, "updatedAt")
               SELECT 'w' || i, 'Web ' || i, 'w' || i || '@web.example', now() FROM generate_series(1, 40) AS i"""
        )
        db.execute(
            "SELECT desk.admit(%s::text, (SELECT array_agg('w' || i) FROM generate_series(1, 40) AS i))", (CLINIC,)
        )
        a.sync()
        db.execute("""DELETE FROM public."user" WHERE id LIKE 'w%'""")
        assert (a.sync().state, a.status().state) == ("held", "held")
        a.connect("postgresql://127.0.0.1:9/himsog")
        assert a.sync(accept_deletions=True).state == "offline"
        a.connect()
        assert a.sync().state == "done"
        with a.cache() as cache:
            assert cache.reader.execute("""SELECT count(*) FROM "user" WHERE id LIKE 'w%'""").fetchone() == (0,)
            assert cache.reader.execute("SELECT 1 FROM meta WHERE key = ?", (sessions.ACCEPT,)).fetchone() is None


def test_a_wrong_password_signs_nobody_in(clinic: Clinic) -> None:
    late = clinic.empty(clinic.person())
    late.connect()
    with pytest.raises(NoAccess) as caught:
        late.sign_in(password="not the password")
    assert caught.value.code == "signed_out"
    with late.cache() as cache:
        assert cache.meta("authority") == "local"
    with pytest.raises(NoAccess):
        late.sync()


def test_a_password_that_was_changed_holds_what_waits_until_the_next_sign_in(clinic: Clinic) -> None:
    a = clinic.station()
    a.book("09:00")
    with psycopg.connect(clinic.database.url, autocommit=True) as db:
        db.execute(f"ALTER ROLE \"{a.login}\" PASSWORD 'another password'")
    found = a.sync()
    assert (found.state, found.waiting) == ("signed_out", 2)
    assert a.status().state == "signed_out"
    a.sign_in(password="another password")
    assert (a.sync().state, a.status().waiting) == ("done", 0)


def test_who_is_disabled_is_told_so_and_keeps_what_waits(clinic: Clinic) -> None:
    from himsog_desktop.server import people

    a = clinic.station()
    a.book("09:00")
    people.disable(clinic.database.url, a.login)
    found = a.sync()
    assert (found.state, found.waiting) == ("revoked", 2)
    assert "taken away" in (found.reason or "")


def test_each_intent_goes_out_in_its_authors_name(clinic: Clinic) -> None:
    a = clinic.station()
    second = clinic.person()
    a.sign_in(second)
    a.book("09:00", "Reyes, Ana")
    other = profiles.open_desk(a.folder, KEY, clinic.clock, person=second)
    try:
        a.opened.insert(0, other)
        a.book("10:00", "Cruz, Ben")
    finally:
        a.opened.remove(other)
        other.cache.close()
    assert a.sync().pushed == 4
    with psycopg.connect(clinic.database.url) as db:
        rows = db.execute(
            "SELECT s.login, count(*) FROM desk.ledger AS l JOIN desk.staff AS s ON s.id = l.author"
            " WHERE l.kind LIKE '%%book%%' OR l.entity = 'patient' GROUP BY 1"
        ).fetchall()
    assert dict(rows) == {a.login: 2, second: 2}


def test_what_waits_for_who_signed_out_does_not_hold_up_the_others(clinic: Clinic) -> None:
    a = clinic.station()
    a.book("09:00", "Reyes, Ana")
    second = clinic.person()
    a.sign_in(second)
    with a.cache() as cache:
        left = sessions.sign_out(cache, a.login)
    assert (left.waiting, left.signed_in) == (2, [second])
    other = profiles.open_desk(a.folder, KEY, clinic.clock)
    a.close()
    a.opened.append(other)
    a.book("10:00", "Cruz, Ben")
    found = a.sync()
    assert (found.state, found.pushed, found.waiting) == ("done", 2, 2)
    a.sign_in()
    assert (a.sync().pushed, a.status().waiting) == (2, 0)


def test_who_was_let_go_does_not_hold_up_the_others(clinic: Clinic) -> None:
    """Pulls are made in the widest name; when that one is no good any more, in the next."""
    from himsog_desktop.server import people

    manager = clinic.person(Role.MANAGER)
    a = clinic.station()
    a.sign_in(manager)
    a.book("09:00")
    people.disable(clinic.database.url, manager)
    found = a.sync()
    assert (found.state, found.pushed, found.waiting) == ("done", 2, 0)


def test_a_server_put_back_from_a_copy_gets_back_what_it_lost(clinic: Clinic) -> None:
    """Files of yesterday under the same name: nothing tells it but a cursor of its future."""
    a, b = clinic.station(), clinic.station()
    with psycopg.connect(clinic.database.url, autocommit=True) as db:
        booked = a.book("09:00")
        assert a.sync().pushed == 2
        db.execute("SET session_replication_role = replica")
        for text in (
            "DELETE FROM public.appointments WHERE id = ANY (%s)",
            'DELETE FROM public."user" WHERE id = ANY (%s)',
            "DELETE FROM desk.patients WHERE user_id = ANY (%s)",
            "DELETE FROM desk.appointment_desk WHERE appointment_id = ANY (%s)",
            "DELETE FROM desk.occupancy WHERE owner = ANY (%s)",
            "DELETE FROM desk.head WHERE key = ANY (%s)",
            "DELETE FROM desk.history WHERE entity_id = ANY (%s)",
            "DELETE FROM desk.ledger WHERE key = ANY (%s)",
        ):
            db.execute(text, ([booked.id, booked.patient.id],))
    with a.cache() as cache:
        ahead = "SELECT replace(value, '\"snapshot\": \"', '\"snapshot\": \"9') FROM meta WHERE key = 'cursor'"
        sessions.kept.remember(cache.writer, {"cursor": cache.reader.execute(ahead).fetchone()[0]})
    found = a.sync()
    assert (found.state, found.refused, found.waiting) == ("done", 0, 0)
    b.sync()
    assert b.appointments() == [("Reyes, Ana", "09:00", "synced")]


def test_with_several_signed_in_one_has_to_say_who_acts(clinic: Clinic) -> None:
    a = clinic.station()
    second = clinic.person(Role.MANAGER)
    a.sign_in(second)
    with Cache(a.folder, KEY) as cache:
        with pytest.raises(NoAccess) as caught:
            profiles.signed_in(cache.reader, None)
        assert caught.value.exit_code == 4
        assert profiles.signed_in(cache.reader, second).login == second
        with pytest.raises(NoAccess):
            profiles.signed_in(cache.reader, "owner")
        # What is fetched is fetched in the name of who sees most.
        assert sessions.signed_in(cache) == [second, a.login]


def test_a_profile_with_data_is_not_connected(clinic: Clinic) -> None:
    late = clinic.empty(clinic.person())
    late.connect()
    late.login = "owner"
    from himsog_desktop.services import setup, setupfile
    from tests.support.profiles import SETUP

    setup.apply(late.desk, setupfile.parse(SETUP))
    with pytest.raises(Refused, match="--from-profile"):
        late.connect()
    with pytest.raises(Refused):
        late.sign_in(clinic.person())


def test_the_clinic_is_named_where_there_are_several(clinic: Clinic) -> None:
    from himsog_desktop.server import people

    with psycopg.connect(clinic.database.url, autocommit=True) as db:
        db.execute("INSERT INTO desk.clinics VALUES ('second', 'The other clinic', 'Asia/Manila', 'PHP', NULL)")
    login = clinic.person()
    people.add(clinic.database.url, people.Wanted(login, Role.RECEPTIONIST, ["second"], password=PASSWORD))
    late = clinic.empty(login)
    late.connect()
    with pytest.raises(BadInput, match="--clinic"):
        late.sign_in()
    with late.cache() as cache:
        sessions.connect(cache, clinic.database.address, "second")
    assert late.sign_in().clinic == "second"
    # A profile holds one clinic for good.
    with late.cache() as cache, pytest.raises(Refused):
        sessions.connect(cache, clinic.database.address, CLINIC)


def test_a_login_of_another_clinic_can_not_sign_in_on_this_profile(clinic: Clinic) -> None:
    from himsog_desktop.server import people

    with psycopg.connect(clinic.database.url, autocommit=True) as db:
        db.execute("INSERT INTO desk.clinics VALUES ('second', 'The other clinic', 'Asia/Manila', 'PHP', NULL)")
    stranger = f"{clinic.person()}-x"
    people.add(clinic.database.url, people.Wanted(stranger, Role.RECEPTIONIST, ["second"], password=PASSWORD))
    a = clinic.station()
    with pytest.raises(NoAccess) as caught:
        a.sign_in(stranger)
    assert caught.value.code == "forbidden"


def test_the_password_stands_nowhere_but_in_the_encrypted_cache(clinic: Clinic) -> None:
    a = clinic.station()
    a.close()
    for path in a.folder.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes()
    with a.cache() as cache:
        values = [row[0] for row in cache.reader.execute("SELECT value FROM meta")]
        assert not [value for value in values if PASSWORD in value]
        assert PASSWORD not in repr(sessions.kept.sessions(cache.reader))
