"""Phones in any spelling to E.164, by the clinic's country."""

from __future__ import annotations

from functools import lru_cache

from himsog_desktop.domain.errors import BadInput

_REGION_OF_ZONE = {
    "Asia/Manila": "PH",
    "America/New_York": "US",
    "America/Chicago": "US",
    "America/Denver": "US",
    "America/Los_Angeles": "US",
    "Europe/London": "GB",
    "Europe/Berlin": "DE",
    "Europe/Paris": "FR",
    "Europe/Madrid": "ES",
    "Asia/Singapore": "SG",
    "Asia/Hong_Kong": "HK",
    "Australia/Sydney": "AU",
}


def region_of(zone_name: str) -> str:
    """The country whose numbers need no prefix; the Philippines where it is not known."""
    return _REGION_OF_ZONE.get(zone_name, "PH")


@lru_cache(maxsize=4096)
def e164(typed: str, region: str) -> str | None:
    """The number as E.164, None when it is not a possible one. Imports phonenumbers at first use."""
    import phonenumbers

    try:
        found = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(found):
        return None
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def required_e164(typed: str | None, region: str) -> str | None:
    """The same for a field of a form: None for an empty one. Raises BadInput for a bad one."""
    if typed is None or not typed.strip():
        return None
    found = e164(typed.strip(), region)
    if found is None:
        raise BadInput("bad_value", "The phone number can't be right: write it like 0917 555 0101 or +63 917 555 0101.")
    return found
