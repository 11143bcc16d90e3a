"""`portal audit pack`, `pack-verify`: the inspector's pack, and what was done to one since."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from portal.config import Settings


@click.command("pack-verify")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="The public key that it must bear. Default: this portal's own.")
def pack_verify(bundle: Path, key: str | None) -> None:
    """Name every file of an inspector's pack that was changed, taken out or added.

    Works offline. Ends with 1 when the pack is not as it was sealed.
    """
    from portal.oversight.pack_key import public_key_if_any
    from portal.oversight.pack_seal import examine

    expected = key or public_key_if_any(Settings.from_environ())
    with bundle.open("rb") as file:
        found = examine(file, expected)
    for fault in found.faults:
        click.echo(fault, err=True)
    if found.faults:
        click.echo(f"{bundle} is not as it was sealed.", err=True)
        sys.exit(1)
    click.echo(
        f"{bundle} is as it was sealed at {found.made_at}: {found.files} files, "
        f"{found.verdicts:,} verdicts, {found.entries:,} entries of the audit log."
    )
    if expected is None:
        click.echo(
            f"Whose key it is was not checked; compare it with the portal's: {found.public_key}"
        )


@click.command("pack")
@click.option("--tenant", help="Code of an agency.")
@click.option("--person", type=int, help="Number of a person.")
@click.option("--year", type=click.IntRange(2000, 2099), help="Year of departure.")
@click.option("--out", "folder", type=click.Path(file_okay=False, path_type=Path), required=True)
def pack(tenant: str | None, person: int | None, year: int | None, folder: Path) -> None:
    """Make the inspector's pack of an agency, a person or a year, signed, in the folder OUT."""
    if tenant is None and person is None and year is None:
        raise click.UsageError("Say of whom: --tenant, --person or --year.")
    from portal.cli_app import application
    from portal.core import clock
    from portal.core.errors import NotFound
    from portal.oversight.pack import filename, make
    from portal.oversight.pack_facts import Scope
    from portal.tenancy.queries import tenant_by_code

    with application():
        found = tenant_by_code(tenant) if tenant else None
        if tenant and found is None:
            raise click.BadParameter(f"there is no agency {tenant!r}", param_hint="--tenant")
        scope = Scope(found.id if found else None, person, year)
        _make_folder(folder)
        path = folder / filename(scope, clock.now())
        draft = path.with_suffix(".part")
        try:
            descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w+b") as file:
                made = make(scope, file)
            draft.replace(path)
        except NotFound:
            raise click.ClickException("There is no such agency or person.") from None
        finally:
            draft.unlink(missing_ok=True)
    click.echo(f"{path}: {made.files:,} files, {made.size:,} bytes, SHA-256 {made.sha256}")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be made: {error.strerror}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise click.ClickException(f"Nothing can be written to {folder}.")
