"""Fifty at once on ten places: each place has one, whoever writes (design, "Never double-booked")."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from himsog_desktop.domain.errors import Surroundings
from himsog_desktop.domain.intents import Intent, Verdict
from himsog_desktop.domain.people import Role
from himsog_desktop.sync.remotes.postgres import PostgresRemote
from tests.contracts.remote_hands import booking, free_hour, one, patch
from tests.support.shared import HOUR, SharedClinic, new_id

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

DESKS, WEBS, PLACES = 42, 8, 10
PER_LOGIN = 7

_DOUBLE = """
SELECT count(*) FROM public.appointments AS a JOIN public.appointments AS b
    ON a.provider_id = b.provider_id AND a.id < b.id AND a.start_time < b.end_time AND b.start_time < a.end_time
  JOIN desk.appointment_desk AS d ON d.appointment_id = a.id JOIN desk.appointment_desk AS e ON e.appointment_id = b.id
 WHERE a.status IN ('PENDING', 'CONFIRMED') AND b.status IN ('PENDING', 'CONFIRMED') AND d.lane = e.lane"""


@pytest.fixture(scope="module")
def desks(clinic: SharedClinic) -> Iterator[list[tuple[str, PostgresRemote]]]:
    """Connections of several people, several each."""
    names = [f"crowd{n}" for n in range(DESKS // PER_LOGIN)]
    for name in names:
        clinic.hire(name, Role.RECEPTIONIST, "A")
    made = [(name, clinic.new_remote(name)) for name in names for _ in range(PER_LOGIN)]
    yield made
    for _, hand in made:
        hand.close()


def decided(hand: PostgresRemote, intent: Intent) -> Verdict:
    """Ask until there is a verdict: what is to be tried again is no answer."""
    while True:
        try:
            return hand.push([intent])[0]
        except Surroundings as error:
            if error.code != "retry":
                raise


def web_books(db: psycopg.Connection[Any], clinic: SharedClinic, start: int) -> bool:
    """As the web application does it: look first, then insert; both may look before either inserts."""
    span = (start, start + HOUR // 2)
    taken = db.execute(
        "SELECT 1 FROM public.appointments WHERE provider_id = %s AND status IN ('PENDING', 'CONFIRMED')"
        " AND start_time < to_timestamp(%s / 1000000.0) AND end_time > to_timestamp(%s / 1000000.0)",
        (clinic.id("p"), span[1], span[0]),
    ).fetchone()
    if taken:
        return False
    while True:
        try:
            db.execute(
                "INSERT INTO public.appointments (id, appointment_number, user_id, provider_id, start_time, end_time,"
                " total_price, patient_name, patient_email, updated_at) VALUES (%s, %s, %s, %s,"
                " to_timestamp(%s / 1000000.0), to_timestamp(%s / 1000000.0), 0, 'W', 'w@web.example', now())",
                (new_id(), new_id()[:15], clinic.id("w"), clinic.id("p"), *span),
            )
            return True
        except psycopg.errors.ExclusionViolation:
            return False
        except psycopg.errors.DeadlockDetected:
            continue


def test_fifty_book_ten_places(clinic: SharedClinic, desks: list[tuple[str, PostgresRemote]]) -> None:
    base = free_hour()
    hours = [base + n / 2 for n in range(PLACES)]
    for _ in range(PLACES):
        free_hour()
    webs = [clinic.database.connect() for _ in range(WEBS)]
    told: list[tuple[float, Verdict]] = []

    def desk(place: int) -> list[tuple[float, Verdict]]:
        name, hand = desks[place]
        order = random.Random(place).sample(hours, PLACES)
        return [(hour, decided(hand, booking(clinic, by=name, hours=hour))) for hour in order]

    def web(place: int) -> int:
        order = random.Random(100 + place).sample(hours, PLACES)
        return sum(web_books(webs[place], clinic, clinic.start + int(hour * HOUR)) for hour in order)

    with ThreadPoolExecutor(DESKS + WEBS) as pool:
        by_web = [pool.submit(web, n) for n in range(WEBS)]
        for found in [pool.submit(desk, n) for n in range(DESKS)]:
            told += found.result()
        won_by_web = sum(found.result() for found in by_web)
    for db in webs:
        db.close()

    won = Counter(hour for hour, verdict in told if verdict.verdict == "accepted")
    assert sum(won.values()) + won_by_web == PLACES
    for _, verdict in told:
        if verdict.verdict != "accepted":
            assert (verdict.trouble, [r.rule for r in verdict.rules]) == ("slot", ["booked"])
    for hour in hours:
        there = clinic.count(
            "SELECT count(*) FROM public.appointments"
            " WHERE provider_id = %s AND start_time = to_timestamp(%s / 1000000.0)",
            clinic.id("p"),
            clinic.start + int(hour * HOUR),
        )
        assert there == 1, hour
    assert clinic.count(_DOUBLE) == 0
    losers = DESKS * PLACES - sum(won.values())
    assert clinic.count("SELECT count(*) FROM desk.card WHERE intent->>'kind' = 'appointment.book'") >= losers


def test_many_move_and_change_one_appointment(clinic: SharedClinic, desks: list[tuple[str, PostgresRemote]]) -> None:
    """Compare and set: of all who saw the same, one comes first and everybody else is told by whom."""
    made = one(clinic, booking(clinic))
    start, end = int(str(made.image["start"])), int(str(made.image["end"]))
    place = {n: made.image[n] for n in ("provider_id", "resources", "lane", "overbook_reason", "clinic_id")}

    def move(turn: int) -> Verdict:
        name, hand = desks[turn]
        shift = (turn + 1) * 60_000_000
        wanted = {"start": start + shift, "end": end + shift, **place}
        return decided(hand, patch(clinic, made, {"start": start, "end": end, **place}, wanted, name))

    with ThreadPoolExecutor(DESKS) as pool:
        told = list(pool.map(move, range(DESKS)))
    assert Counter(v.verdict for v in told) == {"accepted": 1, "refused": DESKS - 1}
    winner = next(v for v in told if v.verdict == "accepted")
    assert {v.image["start"] for v in told} == {winner.image["start"]}
    assert clinic.count("SELECT count(*) FROM desk.history WHERE entity_id = %s", made.key) == 2


def test_imports_of_many_take_a_lane_each(clinic: SharedClinic, desks: list[tuple[str, PostgresRemote]]) -> None:
    hour = free_hour()

    def bring(turn: int) -> Verdict:
        name, hand = desks[turn]
        return decided(hand, replace(booking(clinic, by=name, hours=hour), kind="appointment.import"))

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(bring, range(12)))
    assert sorted(int(str(v.image["lane"])) for v in told) == list(range(12))
    assert clinic.count(_DOUBLE) == 0
