"""`portal audit`: prove that the log is whole, and carry it out of the portal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
import psycopg

from portal.audit import export as exports
from portal.audit import source
from portal.audit.verify import Heads, Report, check
from portal.cli_pack import pack, pack_verify
from portal.config import ConfigError, Settings
from portal.core import clock
from portal.core.roles import AUDIT
from portal.embedded.places import secret_key
from portal.server.addresses import connect, for_administrator
from portal.server.session import reachable


@click.group()
def audit() -> None:
    """Verify and export the audit chains; make and verify the inspector's packs."""


audit.add_command(pack)
audit.add_command(pack_verify)

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@audit.command()
@click.option("--export", "exported", type=_file, help="Verify an exported file, offline.")
@click.option(
    "--checkpoint", type=_file, help="An earlier export: is all that it contained still there?"
)
def verify(exported: Path | None, checkpoint: Path | None) -> None:
    """Follow every chain from its first entry to its head; name what was tampered with.

    Ends with 1 when something was altered, removed or moved.
    """
    started = time.monotonic()
    try:
        report = _verify_file(exported, checkpoint) if exported else _verify_database(checkpoint)
    except exports.ExportError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    for fault in report.faults:
        click.echo(str(fault), err=True)
    seconds = time.monotonic() - started
    count = f"{report.entries:,} entries in {report.chains:,} chains, {seconds:.1f} s"
    if report.faults:
        click.echo(f"{count}: {len(report.faults)} chains do not hold.", err=True)
        sys.exit(1)
    click.echo(f"{count}: every chain holds.")


@audit.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: stdout.")
@click.option("--checkpoint-only", is_flag=True, help="Only the signed heads of all chains.")
def export(output: Path | None, checkpoint_only: bool) -> None:
    """Write the log as JSON lines with a signed checkpoint of all heads at the end."""
    try:
        with _opened(output) as file, _auditor() as (connection, settings):
            heads = source.heads(connection)
            entries = () if checkpoint_only else source.links(connection)
            count = exports.write(entries, heads, clock.now(), settings.secret_key, file)
    except OSError as error:
        raise ConfigError(f"{output or 'stdout'} cannot be written: {error.strerror}.") from None
    if output:
        click.echo(f"{count:,} entries in {len(heads):,} chains written to {output}.")


def _verify_database(checkpoint: Path | None) -> Report:
    with _auditor() as (connection, settings):
        sealed = _sealed(checkpoint, settings.secret_key)
        return check(source.links(connection), source.heads(connection), sealed)


def _verify_file(exported: Path, checkpoint: Path | None) -> Report:
    """The file's checkpoint stands in for the heads; links come first, so they are read twice."""
    secret = _own_secret()
    with exported.open("rb") as file:
        ending = exports.last_checkpoint(file, secret)
    _say_signature(exported, ending)
    with exported.open("rb") as file:
        links = exports.read_links(file, [])
        return check(links, ending.heads, _sealed(checkpoint, secret))


def _sealed(checkpoint: Path | None, secret: str) -> Heads | None:
    if checkpoint is None:
        return None
    with checkpoint.open("rb") as file:
        found = exports.last_checkpoint(file, secret)
    _say_signature(checkpoint, found)
    return found.heads


def _say_signature(path: Path, checkpoint: exports.Checkpoint) -> None:
    if checkpoint.signed is False:
        raise exports.ExportError(
            f"The checkpoint of {path} was not signed by this portal, or was changed since."
        )
    if checkpoint.signed is None:
        click.echo(f"The signature of {path} was not checked: PORTAL_SECRET_KEY is not set.")


def _own_secret() -> str:
    """This portal's secret if it is here; offline there may be none."""
    settings = Settings.from_environ()
    if not settings.secret_key and (settings.data / "secret_key").exists():
        return secret_key(settings.data)
    return settings.secret_key


@contextmanager
def _auditor() -> Iterator[tuple[psycopg.Connection, Settings]]:
    """A connection as portal_audit that sees one moment of the log."""
    with (
        reachable(Settings.from_environ()) as settings,
        connect(*for_administrator(settings), role=AUDIT) as connection,
        source.snapshot(connection),
    ):
        yield connection, settings


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        return
    with output.open("wb") as file:
        yield file
