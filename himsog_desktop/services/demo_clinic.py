"""The demo clinic's people and offers: invented, and the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from himsog_desktop.domain.clinic import (
    Block,
    Break,
    Hours,
    Override,
    OverrideKind,
    Policy,
    Pricing,
    Provider,
    ProviderStatus,
    Room,
    Service,
    ServiceKind,
)
from himsog_desktop.domain.time import HOUR

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from himsog_desktop.domain.time import Micros, Zone

CLINIC = "Digos Family Clinic"
CLINIC_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
ZONE = "Asia/Manila"
ROOMS = ("Room 1", "Room 2", "Treatment room")

PROVIDERS = (
    ("Dr Elena Cruz", "Family medicine", 15),
    ("Dr Ramon Lim", "Pediatrics", 15),
    ("Dr Ines Santos", "Internal medicine", 20),
    ("Dr Paolo Villanueva", "Dermatology", 20),
    ("Dr Carmela Ocampo", "Dentistry", 20),
    ("Marisol Tan, PTRP", "Physiotherapy", 30),
)
MORE_PROVIDERS = (
    ("Dr Jaime Aquino", "Cardiology", 20),
    ("Dr Liza Manalo", "Obstetrics", 20),
    ("Dr Felix Navarro", "Ophthalmology", 20),
    ("Dr Teresa Yap", "Ear, nose and throat", 20),
    ("Dr Oscar Pineda", "Orthopedics", 20),
    ("Grace Uy, RND", "Nutrition", 30),
)
"""Six more, for a clinic of twelve columns."""

OFFERS = (
    ("Check-up", "FIXED", 500, 500, None),
    ("Follow-up visit", "FIXED", 300, 300, None),
    ("Consultation", "FIXED", 650, 650, None),
    ("Medical certificate", "FIXED", 250, 250, None),
    ("Vaccination", "RANGE", 600, 2500, None),
    ("Blood test", "RANGE", 450, 1800, None),
    ("Blood pressure check", "FIXED", 150, 150, None),
    ("Wound care", "RANGE", 400, 1200, None),
    ("Minor procedure", "INQUIRE", 0, 0, 60),
    ("Laboratory review", "FIXED", 350, 350, None),
)
PACKAGES = (
    ("Annual health package", 1800, ("Check-up", "Blood test", "Blood pressure check"), 60),
    ("Child wellness package", 2200, ("Check-up", "Vaccination"), 45),
)

SURNAMES = (
    "Abad Abella Agbayani Alcaraz Almonte Alonzo Amador Aquino Arellano Arroyo Bacani Balagtas Baluyot Bautista "
    "Belmonte Beltran Bernardo Buenaventura Cabral Calderon Carreon Castañeda Catapang Celestino Chua Co Concepcion "
    "Cordero Cruz Dacanay David Dela_Cruz Dela_Peña Delos_Reyes Delos_Santos De_Guzman De_Leon De_Vera Dimaano "
    "Dominguez Enriquez Escobar Estrada Evangelista Fajardo Ferrer Florendo Galang Gatchalian Gonzaga Gutierrez Hizon "
    "Ibarra Ilagan Jacinto Javier Lacson Laurel Legarda Lim Lontoc Lumbao Macapinlac Magsaysay Malonzo Manalo "
    "Mangubat Marasigan Mendiola Mercado Miranda Montemayor Muñoz Natividad Ng Nolasco Ocampo Olivares Ong Ordoñez "
    "Pacheco Palma Panganiban Pascual Peralta Quiambao Quizon Ramos Recto Reyes Rizalino Rosales Sabado Salonga "
    "Samonte San_Juan Santos Sarmiento Sison Soriano Sy Tagle Tan Tolentino Trinidad Tuazon Umali Uy Valdez Vergara "
    "Villegas Yambao Yap Yulo Zabala Zamora"
)
GIVEN = (
    "Adela Adrian Agnes Alma Alvin Amparo Ana Andrea Angelo Antonia Arlene Arnel Aurora Beatriz Benjie "
    "Bernadette Camille Carla Carlito Cecilia Celso Charito Clarissa Cristina Daisy Danilo Dante Diosdado "
    "Dolores Edgardo Editha Eduardo Efren Elena Emilio Erlinda Ernesto Estela Eva Felicidad Fidel Flor "
    "Francisco Gemma Gerardo Gloria Gregorio Hannah Helen Herminia Honesto Imelda Inday Irene Isabel Ivan "
    "Jasmine Jericho Jessa Joaquin Jocelyn Jomar José Josefina Joy Juan Julieta Katrina Kristine Leonora "
    "Leticia Liezl Liza Lorna Lourdes Lucas Luzviminda Ma._Teresa Manuel Marcelo Maricel Marilou Mario Marites "
    "Mateo Maya Melchor Mercedes Miguel Milagros Minerva Myrna Nena Nestor Nicanor Nora Norberto Oscar Pablo "
    "Pacita Paz Pilar Precious Rafael Ramil Raquel Rebecca Remedios Renato Rhea Rodel Rogelio Rosario Rowena "
    "Ruben Salvador Samuel Sheila Soledad Sonia Teodora Teresita Tomas Trisha Vicente Victoria Virgilio Wilma "
    "Xandra Yolanda Zenaida"
)


def names(words: str) -> list[str]:
    """The names of a list; an underscore stands for a space."""
    return [word.replace("_", " ") for word in words.split()]


def rooms(clinic_id: str, make_id: Callable[[], str]) -> tuple[Room, ...]:
    """The rooms of the clinic."""
    return tuple(Room(make_id(), clinic_id, name, key=name.lower().replace(" ", "-")) for name in ROOMS)


def providers(
    clinic_id: str, make_id: Callable[[], str], at: Micros, today: date, *, twelve: bool = False
) -> list[Provider]:
    """The providers with hours, breaks, policies and days off around ``today``."""
    made = []
    for i, (name, specialty, slot) in enumerate(PROVIDERS + (MORE_PROVIDERS if twelve else ())):
        hours = [Hours(clinic_id, day, 8 * 60, 17 * 60) for day in range(1, 7)]
        breaks = [Break("Lunch", day, 12 * 60, 13 * 60) for day in range(1, 7)]
        if i == 1:
            # Two blocks a day, with an evening clinic.
            hours = [Hours(clinic_id, d, s, e) for d in range(1, 7) for s, e in ((8 * 60, 12 * 60), (13 * 60, 17 * 60))]
            breaks = []
        if i == 5:
            hours = [Hours(clinic_id, day, 7 * 60, 16 * 60) for day in range(1, 7)]
            breaks = [Break("Lunch", day, 11 * 60 + 30, 12 * 60 + 30) for day in range(1, 7)]
        off = today.fromordinal(today.toordinal() + 9 + i)
        away = (
            [Override(off.isoformat(), False, kind=OverrideKind.CONFERENCE, reason="Conference")] if i % 3 == 0 else []
        )
        made.append(
            Provider(
                id=make_id(),
                user_id=make_id(),
                name=name,
                status=ProviderStatus.VERIFIED,
                slot_minutes=slot,
                created=at,
                updated=at,
                clinics=(clinic_id,),
                hours=tuple(hours),
                breaks=tuple(breaks),
                overrides=tuple(away),
                policy=Policy(auto_confirm=i == 4, overbook_lanes=1),
                specialty=specialty,
                key=f"provider-{i + 1}",
                position=i,
            )
        )
    return made


def services(provider: Provider, make_id: Callable[[], str], at: Micros, catalogue: dict[str, str]) -> list[Service]:
    """The twelve services as one provider offers them; ``catalogue`` maps names to groups."""
    made: dict[str, Service] = {}
    for i, (name, pricing, low, high, minutes) in enumerate(OFFERS):
        made[name] = Service(
            id=make_id(),
            provider_id=provider.id,
            name=name,
            kind=ServiceKind.SINGLE,
            pricing=Pricing(pricing),
            created=at + i,
            updated=at,
            price_min=low * 100,
            price_max=high * 100,
            duration=minutes,
            catalogue=catalogue.setdefault(name, make_id()),
        )
    for i, (name, price, parts, minutes) in enumerate(PACKAGES):
        made[name] = Service(
            id=make_id(),
            provider_id=provider.id,
            name=name,
            kind=ServiceKind.PACKAGE,
            pricing=Pricing.FIXED,
            created=at + 100 + i,
            updated=at,
            price_min=price * 100,
            price_max=price * 100,
            duration=minutes,
            parts=tuple(made[part].id for part in parts),
            catalogue=catalogue.setdefault(name, make_id()),
        )
    return list(made.values())


def blocks(team: list[Provider], make_id: Callable[[], str], at: Micros, zone: Zone, today: date) -> list[Block]:
    """Time that some of them keep for other things today and tomorrow."""
    made = []
    for provider, title, ahead, start in ((team[2], "Staff meeting", 0, 16 * 60), (team[3], "Home visit", 1, 9 * 60)):
        begin = zone.instant(today.fromordinal(today.toordinal() + ahead), start)
        made.append(Block(make_id(), provider.id, begin, begin + HOUR, title, at, at))
    return made
