"""`portal audit pack-verify`: what was done to an inspector's pack since it was sealed."""

from __future__ import annotations

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
