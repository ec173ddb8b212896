"""The line to the server on real PostgreSQL: refused before a password leaves unless it proves who the server is.

Reliability, S18: self-signed, wrong host, no TLS, md5, cleartext, trust; S42: the environment does not count.
"""

import datetime
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from himsog_desktop.domain.errors import HimsogError, NoAccess, Surroundings
from himsog_desktop.sync.address import Address, parse
from himsog_desktop.sync.remotes import connection, probe
from himsog_desktop.sync.remotes.postgres import PostgresRemote
from tests.support import postgres as support
from tests.support.postgres import KINDS, Server

HOST = "db.clinic.test"
PASSWORD = "pw of nurse"

pytestmark = pytest.mark.timeout(200)


class Made(NamedTuple):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def write(self, path: Path) -> Path:
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def write_key(self, path: Path) -> None:
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(self.key.private_bytes(*form))
        path.chmod(0o600)


def made(name: str, by: Made | None = None, *, days: tuple[int, int] = (-1, 9)) -> Made:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=days[0]))
        .not_valid_after(now + datetime.timedelta(days=days[1]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    return Made(builder.sign(by.key if by else key, hashes.SHA256()), key)


class Line:
    """A server whose certificate and whose way of asking for a password can be changed."""

    def __init__(self, server: Server, folder: Path) -> None:
        assert server.folder is not None
        self.server = server
        self.data = server.folder / "data"
        self.authority = made("Clinic authority")
        self.root = self.authority.write(folder / "ca.pem")
        self.certificates = {
            "good": made(HOST, self.authority),
            "self-signed": made(HOST),
            "other authority": made(HOST, made("Another authority")),
            "wrong name": made("else.clinic.test", self.authority),
            "expired": made(HOST, self.authority, days=(-9, -1)),
        }
        with psycopg.connect(server.url(), autocommit=True) as db:
            db.execute("CREATE ROLE nurse LOGIN PASSWORD 'pw of nurse'")
            db.execute("SET password_encryption = 'md5'")
            db.execute("CREATE ROLE old LOGIN PASSWORD 'pw of nurse'")

    def be(self, certificate: str = "good", ask: str = "scram-sha-256", *, tls: bool = True) -> None:
        """Show that certificate, ask for passwords that way."""
        it = self.certificates[certificate]
        it.write(self.data / "server.crt")
        it.write_key(self.data / "server.key")
        shutil.chown(self.data / "server.key", (self.data / "server.crt").parent.stat().st_uid)
        (self.data / "pg_hba.conf").write_text(f"local all all trust\nhost all all 127.0.0.1/32 {ask}\n")
        with psycopg.connect(self.server.url(), autocommit=True) as db:
            db.execute(f"ALTER SYSTEM SET ssl = {'on' if tls else 'off'}")
            before = db.execute("SELECT pg_conf_load_time()").fetchone()
            db.execute("SELECT pg_reload_conf()")
            support.wait_for(lambda: db.execute("SELECT pg_conf_load_time()").fetchone() != before)

    def address(self, host: str = HOST, root: Path | None = None) -> Address:
        root = root or self.root
        return parse(f"postgresql://{host}:{self.server.port}/postgres?hostaddr=127.0.0.1&sslrootcert={root}")

    @property
    def here(self) -> Address:
        return parse(f"postgresql://127.0.0.1:{self.server.port}/postgres")

    def asked(self) -> int:
        """How many connections have come as far as asking for a password or failing at it."""
        assert self.server.folder is not None
        return (self.server.folder / "log").read_text(errors="replace").count("password authentication failed")


@pytest.fixture(scope="module", params=sorted(KINDS))
def line(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    server = support.start(request.param)
    try:
        if server.authority is None:
            pytest.skip("this server was built without TLS")
        yield Line(server, tmp_path_factory.mktemp("line"))
    finally:
        server.stop()


def refused(address: Address, login: str = "nurse", password: str = PASSWORD) -> HimsogError:
    with pytest.raises(HimsogError) as caught:
        connection.connect(address, login, password, "test").close()
    assert password not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


def worst(address: Address, login: str = "nurse", password: str = PASSWORD) -> probe.Finding:
    found = probe.probe(address, login, password)
    assert PASSWORD not in repr(found)
    assert all(finding.todo for finding in found if finding.level != "ok")
    return found[-1]


def test_a_good_line_is_taken_and_is_encrypted(line: Line) -> None:
    line.be()
    with connection.connect(line.address(), "nurse", PASSWORD, "test") as db:
        assert db.pgconn.ssl_in_use
        assert db.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() == (True,)
    assert [f.what for f in probe.probe(line.address(), "nurse", PASSWORD)][:3] == ["port", "certificate", "password"]


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ("self-signed", "not from an authority"),
        ("other authority", "not from an authority"),
        ("wrong name", "another name"),
        ("expired", "expired"),
    ],
)
def test_a_certificate_that_proves_nothing_ends_the_line_before_a_password(
    line: Line, certificate: str, words: str
) -> None:
    line.be(certificate, "password")
    before = line.asked()
    error = refused(line.address())
    assert (error.code, error.exit_code) == ("offline", 3)
    assert "before a password is sent" in error.message
    finding = worst(line.address())
    assert (finding.what, finding.level) == ("certificate", "error")
    assert words in finding.text
    assert line.asked() == before


def test_another_name_than_the_certificates_is_refused(line: Line) -> None:
    line.be()
    assert "not for the name" in refused(line.address("other.clinic.test")).message


def test_an_authority_that_is_not_there_is_said(line: Line, tmp_path: Path) -> None:
    line.be()
    assert "authority is not there" in refused(line.address(root=tmp_path / "none.pem")).message
    assert worst(line.address(root=tmp_path / "none.pem")).what == "certificate"


def test_without_tls_there_is_no_line_to_another_computer(line: Line) -> None:
    line.be(tls=False)
    assert "does not offer a TLS line" in refused(line.address()).message
    assert "does not offer a TLS line" in worst(line.address()).text


@pytest.mark.parametrize(("ask", "login"), [("password", "nurse"), ("trust", "nurse"), ("md5", "old")])
def test_a_server_that_asks_in_an_unsafe_way_gets_no_password(line: Line, ask: str, login: str) -> None:
    line.be(ask=ask)
    assert "unsafe way" in refused(line.address(), login).message
    finding = worst(line.address(), login)
    assert (finding.what, "scram-sha-256" in finding.todo) == ("method", True)


def test_on_this_computer_a_password_is_still_not_given_in_the_clear(line: Line) -> None:
    for ask, login in (("password", "nurse"), ("md5", "old")):
        line.be(ask=ask)
        assert "unsafe way" in refused(line.here, login).message


def test_on_this_computer_a_server_that_trusts_everybody_is_named(line: Line) -> None:
    line.be(ask="trust")
    found = probe.probe(line.here, "nurse", PASSWORD)
    assert ("trust", "warning") in [(f.what, f.level) for f in found]


def test_a_wrong_password_is_signed_out_not_offline(line: Line) -> None:
    line.be()
    for address in (line.address(), line.here):
        error = refused(address, password="wrong one")
        assert isinstance(error, NoAccess)
        assert error.code == "signed_out"
        assert worst(address, password="wrong one").what == "password"


def test_a_login_that_may_not_log_in_is_revoked(line: Line) -> None:
    line.be()
    with psycopg.connect(line.server.url(), autocommit=True) as db:
        db.execute("ALTER ROLE nurse NOLOGIN")
        try:
            assert refused(line.address()).code == "revoked"
        finally:
            db.execute("ALTER ROLE nurse LOGIN")


def test_a_server_that_lets_this_computer_not_in_says_so(line: Line) -> None:
    line.be(ask="reject")
    assert "pg_hba.conf" in refused(line.address()).message
    assert worst(line.address()).what == "host"


def test_a_database_that_is_not_there_or_not_prepared_is_named(line: Line) -> None:
    line.be()
    gone = parse(line.here.url.replace("/postgres", "/nothing"))
    assert worst(gone).what == "database"
    attached = worst(line.here)
    assert (attached.what, attached.text.count("himsog database attach")) == ("attached", 0)
    assert "himsog database attach" in attached.todo
    remote = PostgresRemote(line.here, "nurse", PASSWORD)
    try:
        with pytest.raises(Surroundings, match="himsog database attach"):
            remote.hello()
    finally:
        remote.close()


def test_the_environment_of_the_library_does_not_count(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.be()
    planted = {
        "PGSSLMODE": "disable",
        "PGSERVICEFILE": "/nowhere",
        "PGSERVICE": "evil",
        "PGHOSTADDR": "192.0.2.1",
        "PGREQUIREAUTH": "none",
        "PGOPTIONS": "-c search_path=evil",
        "PGTZ": "Asia/Manila",
    }
    for name, value in planted.items():
        monkeypatch.setenv(name, value)
    with connection.connect(line.address(), "nurse", PASSWORD, "test") as db:
        assert db.pgconn.ssl_in_use
        assert db.execute("SELECT current_setting('TimeZone'), current_setting('search_path')").fetchone() == (
            "UTC",
            '"$user", public',
        )
    assert {name: os.environ[name] for name in planted} == planted


def test_nobody_at_the_port_is_offline_at_once() -> None:
    address = parse("postgresql://127.0.0.1:9/himsog")
    assert (refused(address).code, worst(address).what) == ("offline", "port")


def test_a_server_that_stops_answering_is_given_up(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    line.be()
    monkeypatch.setattr(connection, "CALL_S", 0.3)
    with connection.connect(line.here, "nurse", PASSWORD, "test") as db:
        stopped = db.info.backend_pid
        subprocess.run(["kill", "-STOP", str(stopped)], check=True)
        try:
            with pytest.raises(psycopg.OperationalError):
                db.execute("SELECT 1")
        finally:
            subprocess.run(["kill", "-CONT", str(stopped)], check=True)
        db.close()


def test_a_login_that_is_nobodys_is_no_broken_line() -> None:
    """A server that asks for no password says so in other words than one that does."""
    from himsog_desktop.sync.remotes import troubles

    said = Exception('connection failed: FATAL:  role "nobody" does not exist')
    mark = troubles.mark_of(said)
    assert mark is not None
    assert mark.code == "signed_out"
    gone = troubles.mark_of(Exception('FATAL:  role "mara" is not permitted to log in'))
    assert gone is not None
    assert gone.code == "revoked"
