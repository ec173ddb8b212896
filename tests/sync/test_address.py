"""Addresses of a server: what is taken, what is refused, and that no secret is ever kept or repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from himsog_desktop.domain.errors import BadInput
from himsog_desktop.sync.address import parse


@pytest.mark.parametrize(
    ("text", "url", "local", "encrypted"),
    [
        ("postgresql://db.clinic.test/himsog", "postgresql://db.clinic.test/himsog", False, True),
        ("postgres://db.clinic.test:5433/himsog", "postgresql://db.clinic.test:5433/himsog", False, True),
        (
            "postgresql://db/himsog?sslmode=verify-full&sslrootcert=/etc/my%20ca.pem",
            "postgresql://db/himsog?sslmode=verify-full&sslrootcert=/etc/my%20ca.pem",
            False,
            True,
        ),
        ("postgresql://127.0.0.1/h", "postgresql://127.0.0.1/h", True, False),
        ("postgresql://nurse@127.0.0.1/h", "postgresql://127.0.0.1/h", True, False),
        ("postgresql://[::1]:5433/h", "postgresql://[::1]:5433/h", True, False),
        ("postgresql://localhost/h?sslrootcert=/ca", "postgresql://localhost/h?sslrootcert=/ca", True, True),
        ("postgresql:///h?host=/run/postgresql", "postgresql:///h?host=/run/postgresql", True, False),
        ("postgresql:///h?host=/run/pg&port=5433", "postgresql:///h?host=/run/pg&port=5433", True, False),
        ("postgresql://localhost/h?hostaddr=10.0.0.8", "postgresql://localhost/h?hostaddr=10.0.0.8", False, True),
        ("https://himsog.clinic.test/", "https://himsog.clinic.test", False, True),
        ("https://himsog.clinic.test:8443/gate", "https://himsog.clinic.test:8443/gate", False, True),
    ],
)
def test_an_address_has_one_way_of_writing(text: str, url: str, local: bool, encrypted: bool) -> None:
    found = parse(text)
    assert (found.url, found.local, found.encrypted) == (url, local, encrypted)
    assert parse(found.url) == found


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
def test_a_line_that_does_not_prove_who_the_server_is_is_refused_with_what_to_change(mode: str) -> None:
    with pytest.raises(BadInput, match=f"sslmode={mode}.*Leave sslmode out.*sslrootcert="):
        parse(f"postgresql://db.clinic.test/himsog?sslmode={mode}")


def test_on_this_computer_a_line_may_go_without_tls() -> None:
    assert not parse("postgresql://127.0.0.1/h?sslmode=disable").encrypted


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://nurse:s3cret@db/himsog",
        "postgresql://:s3cret@db/himsog",
        "postgresql://db/himsog?password=s3cret",
        "postgresql://db/himsog?sslpassword=s3cret",
        "postgresql://db/himsog?passfile=s3cret",
        "https://nurse:s3cret@db",
        "https://db?token=s3cret",
        "postgresql://db:s3cret/himsog",
        "s3cret",
    ],
)
def test_a_secret_in_an_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert "s3cret" not in caught.value.message
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "postgresql://",
        "postgresql://db",
        "postgresql:///himsog",
        "postgresql://a,b/himsog",
        "postgresql://db/himsog?options=-c%20role%3Dpostgres",
        "postgresql://db/himsog?port=0",
        "postgresql://db/himsog?sslmode=never",
        "http://db",
        "mysql://db/himsog",
        "postgresql://[::1/himsog",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_bad_input(text: str) -> None:
    for one in (text, f"postgresql://{text}", f"postgresql://db/{text}", f"https://{text}"):
        try:
            found = parse(one)
        except BadInput:
            continue
        assert parse(found.url) == found
