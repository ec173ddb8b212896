"""What a booking costs and how long it takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.clinic import Policy, Pricing, Provider, ProviderStatus, Service, ServiceKind
from himsog_desktop.domain.errors import Refused
from himsog_desktop.domain.prices import contained, duration_of, quote, remap

DOCTOR = Provider(
    "dr", "u", "Dr Cruz", ProviderStatus.VERIFIED, 25, 0, 0, policy=Policy(buffer_before=5, buffer_after=10)
)


def single(key: str, price: int = 50000, **more: object) -> Service:
    made = Service(key, "dr", key.title(), ServiceKind.SINGLE, Pricing.FIXED, 0, 0, price, price)
    return replace(made, **more)  # type: ignore[arg-type]


def package(key: str, parts: tuple[str, ...], price: int = 80000, **more: object) -> Service:
    return single(key, price, kind=ServiceKind.PACKAGE, parts=parts, **more)


CHECKUP = single("checkup", duration=30)
XRAY = single("xray", 30000, duration=20, buffer_after=15)
BLOOD = single("blood", 20000, pricing=Pricing.RANGE, price_max=90000)
ADVICE = single("advice", 0, pricing=Pricing.INQUIRE)
ANNUAL = package("annual", ("checkup", "xray"))
ALL = {s.id: s for s in (CHECKUP, XRAY, BLOOD, ADVICE, ANNUAL)}


def test_fixed_range_and_inquire_add_up() -> None:
    made = quote([CHECKUP, BLOOD, ADVICE], DOCTOR, ALL)
    assert [s.price for s in made.services] == [50000, 20000, 0]
    assert (made.total, made.to_be_agreed, made.duration) == (70000, True, 30)
    assert not quote([CHECKUP, BLOOD], DOCTOR, ALL).to_be_agreed


def test_a_package_covers_its_parts() -> None:
    alone = quote([ANNUAL], DOCTOR, ALL)
    assert (alone.total, alone.duration) == (80000, 50)
    beside = quote([XRAY, ANNUAL, BLOOD], DOCTOR, ALL)
    assert [(s.service_id, s.price) for s in beside.services] == [("xray", 0), ("annual", 80000), ("blood", 20000)]
    assert (beside.total, beside.duration) == (100000, 50)
    assert quote([replace(ANNUAL, duration=40), XRAY], DOCTOR, ALL).duration == 40


def test_packages_inside_packages_and_in_circles_come_to_an_end() -> None:
    outer = package("outer", ("annual", "blood"))
    circle = package("circle", ("circle", "outer", "xray"))
    catalogue = {**ALL, "outer": outer, "circle": circle}
    assert contained([outer], catalogue) == {"annual", "blood", "checkup", "xray"}
    assert duration_of(outer, catalogue) == 50
    assert duration_of(circle, catalogue) == 70
    assert quote([outer, CHECKUP], DOCTOR, catalogue).total == 80000
    assert quote([circle], DOCTOR, catalogue).total == 80000


def test_length_is_the_sum_else_the_providers_slot_and_by_hand_wins() -> None:
    assert quote([CHECKUP, XRAY], DOCTOR, ALL).duration == 50
    assert quote([BLOOD, ADVICE], DOCTOR, ALL).duration == 25
    assert quote([], DOCTOR, ALL).duration == 25
    assert quote([CHECKUP], DOCTOR, ALL, duration=75).duration == 75


def test_buffers_are_the_widest() -> None:
    made = quote([CHECKUP, XRAY], DOCTOR, ALL)
    assert (made.buffer_before, made.buffer_after) == (5, 15)
    assert quote([], DOCTOR).buffer_after == 10


def test_the_same_service_twice_counts_once() -> None:
    assert quote([CHECKUP, CHECKUP], DOCTOR, ALL).total == 50000


@pytest.mark.parametrize("service", [replace(CHECKUP, provider_id="other"), replace(CHECKUP, active=False)])
def test_a_service_that_is_not_offered_is_refused(service: Service) -> None:
    with pytest.raises(Refused) as caught:
        quote([service], DOCTOR, ALL)
    assert caught.value.code == "service_not_offered"


def test_services_are_found_at_another_provider_by_catalogue() -> None:
    here = single("a", catalogue="check-up")
    there = single("b", catalogue="check-up", provider_id="dr2")
    assert remap([here], [there]) == (there,)
    assert remap([here], [here, there]) == (here,)
    for offered in ([], [replace(there, active=False)], [replace(there, catalogue="other")]):
        with pytest.raises(Refused, match="doesn't offer 'A'"):
            remap([here], offered)
    with pytest.raises(Refused):
        remap([replace(here, catalogue=None)], [replace(there, catalogue=None)])


@given(st.lists(st.sampled_from(sorted(ALL)), max_size=6))
def test_the_total_is_the_sum_of_its_lines_and_order_changes_nothing(keys: list[str]) -> None:
    made = quote([ALL[k] for k in keys], DOCTOR, ALL)
    turned = quote([ALL[k] for k in reversed(keys)], DOCTOR, ALL)
    assert made.total == sum(s.price for s in made.services) == turned.total
    assert (made.duration, made.buffer_after) == (turned.duration, turned.buffer_after)
    assert {s.service_id for s in made.services} == set(keys)
