from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.postgres import KINDS, Servers
from tests.support.shared import SharedClinic


@pytest.fixture(scope="module", params=list(KINDS) or [""])
def clinic(servers: Servers, request: pytest.FixtureRequest) -> Iterator[SharedClinic]:
    """The clinics of the tests on every PostgreSQL of this machine, one for all tests of a module."""
    server = servers.get(request.param)
    made = SharedClinic(server.create(server.template()))
    yield made
    made.close()
