"""``connect``, ``signin``, ``signout``, ``sync``, ``agent``: a profile and its server."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from himsog_desktop.cli.answers import Answer, answered, write_document
from himsog_desktop.cli.groups import command
from himsog_desktop.cli.progress import Interruptible, Progress, progress_option
from himsog_desktop.cli.tables import fields, plain, table
from himsog_desktop.domain.errors import BadInput, Surroundings
from himsog_desktop.domain.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from himsog_desktop.cli.invocation import Invocation
    from himsog_desktop.services.documents import SyncDoc
    from himsog_desktop.services.sessions import ConnectDoc, SessionDoc, SignedOutDoc
    from himsog_desktop.storage.cache import Cache

PASSWORD = "HIMSOG_PASSWORD"


@command("connect", "Name the server of an empty profile. No name and no password stands in URL; sign in next.")
@click.argument("url")
@click.option("--clinic", metavar="ID", help="Which of the server's clinics this profile is for.")
@click.pass_obj
def connect(called: Invocation, url: str, clinic: str | None) -> Answer:
    """The address is kept also when the server does not answer: then exit 3."""
    from himsog_desktop.services import sessions

    called.not_in_batch("connect")
    with _cache(called) as cache:
        found = sessions.connect(cache, url, clinic)
    return answered(found, _connect_text, 0 if found.reachable else Surroundings.exit_code)


def _connect_text(found: ConnectDoc) -> str:
    signs = {"ok": "ok", "warning": "look", "error": "WRONG"}
    rows = [(signs[f.level], f"{plain(f.text)} {plain(f.todo)}".strip()) for f in found.findings]
    end = "Sign in next: himsog signin LOGIN" if found.reachable else "The address is kept. Sign in when this is well."
    return f"{found.url}\n\n{table(('', 'Finding'), rows)}\n{end}" if rows else f"{found.url}\n{end}"


@command("signin", "Sign in at the server of this profile. The first to do so makes it the server's clinic.")
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help=f"Read the password from standard input ({PASSWORD} works too).")
@click.option("--code", metavar="C", help="The one-time code, where the server asks for one.")
@click.pass_obj
def signin(called: Invocation, login: str, password_stdin: bool, code: str | None) -> Answer:
    """Who signed in."""
    from himsog_desktop.services import sessions

    called.not_in_batch("signin")
    if code is not None:
        raise BadInput("usage", "This server asks for no code: leave --code out.")
    with _cache(called) as cache:
        sessions.address_of(cache)
        found = sessions.sign_in(cache, login, _password(login, from_stdin=password_stdin))
    _tell_agent(called)
    return answered(found, _session_text)


def _session_text(found: SessionDoc) -> str:
    rows = [
        ("Signed in", f"{found.name} ({found.login}, {found.role})"),
        ("On this profile", ", ".join(found.signed_in)),
    ]
    return fields(rows)


def _password(login: str, *, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline(4096).rstrip("\r\n")
    found = os.environ.get(PASSWORD)
    if found:
        return found
    if not sys.stdin.isatty():
        raise BadInput("usage", f"Give the password with --password-stdin, or in {PASSWORD}.")
    from getpass import getpass

    return getpass(f"Password of {login}: ", sys.stderr)


@command("signout", "Sign out: the password is forgotten. What that person did and was not sent waits.")
@click.argument("login")
@click.pass_obj
def signout(called: Invocation, login: str) -> Answer:
    """Who is left, and what waits."""
    from himsog_desktop.services import sessions

    called.not_in_batch("signout")
    with _cache(called) as cache:
        found = sessions.sign_out(cache, login)
    _tell_agent(called)
    return answered(found, _signed_out_text)


def _signed_out_text(found: SignedOutDoc) -> str:
    wait = "waits" if found.waiting == 1 else "wait"
    waits = f" {counted(found.waiting, 'change')} {wait} for the next sign-in." if found.waiting else ""
    return f"{found.login} is signed out.{waits}"


@command("sync", "Send what waits and fetch what changed. Exit 3 offline, 1 held, 4 signed out or revoked.")
@click.option("--watch", is_flag=True, help="Go on until Ctrl+C: a line for each round.")
@click.option("--accept-deletions", is_flag=True, help="Take it that much is gone at the server, this once.")
@progress_option
@click.pass_obj
def sync(called: Invocation, watch: bool, accept_deletions: bool, progress: bool | None) -> Answer:
    """What was done, and how it stands."""
    from himsog_desktop.services import syncnow

    called.not_in_batch("sync")
    with _cache(called) as cache, Progress("rows", wanted=progress) as shown, Interruptible() as stop:
        if watch:
            return _watch(called, cache, stop)
        found = syncnow.sync(
            called.folder,
            cache,
            called.clock,
            accept_deletions=accept_deletions,
            progress=shown,
            cancelled=stop.cancelled,
        )
    return answered(found, _sync_text, syncnow.EXITS[found.state])


def _watch(called: Invocation, cache: Cache, stop: Interruptible) -> Answer:
    from himsog_desktop.services import syncnow

    found: SyncDoc | None = None
    for found in _rounds(called, cache, stop):
        if called.json:
            write_document(called.out, found)
        else:
            called.out.write(f"{_sync_text(found)}\n".encode())
            called.out.flush()
    code = 0 if found is None else syncnow.EXITS[found.state]
    return Answer(found, lambda: "", code, is_printed=True)


def _rounds(called: Invocation, cache: Cache, stop: Interruptible) -> Iterator[SyncDoc]:
    from himsog_desktop.services import syncnow

    yield from syncnow.watch(called.folder, cache, called.clock, stop.cancelled)


def _sync_text(found: SyncDoc) -> str:
    said = {
        "done": "In step with the server.",
        "offline": "Not synced." if found.reason else "The server can't be reached.",
        "held": "Held.",
        "signed_out": "Signed out.",
        "revoked": "" if found.reason else "Access was taken away.",
    }[found.state]
    why = f" {plain(found.reason).rstrip('.')}." if found.reason else ""
    waits = f", {found.waiting:,} waiting" if found.waiting else ""
    refused = f", {found.refused:,} refused (see himsog attention)" if found.refused else ""
    return f"{said}{why} {found.pushed:,} sent{refused}, {found.pulled:,} fetched{waits}.".strip()


@command("agent", "Sync in the background until stopped. The window does this by itself.")
@click.pass_obj
def agent(called: Invocation) -> Answer:
    """Runs until it is stopped."""
    import signal

    from himsog_desktop.services import agent as service

    called.not_in_batch("agent")
    called.unlock()
    key = called.opened.unlock(called.folder)

    def ready(running: service.Agent) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: running.stop())

    code = service.run_agent(called.folder, key, called.clock, ready=ready)
    if code:
        raise Surroundings("busy", "Another program syncs this profile already: nothing to do here.")
    return Answer(None, lambda: "", is_printed=True)


def _cache(called: Invocation) -> Cache:
    """The profile without a person: signing in comes before there is one."""
    from himsog_desktop.storage.cache import Cache

    return Cache(called.folder, called.opened.unlock(called.folder))


def _tell_agent(called: Invocation) -> None:
    from himsog_desktop.system import agentear, single

    agentear.nudge(called.folder)
    single.nudge(called.folder, single.CHANGED)
