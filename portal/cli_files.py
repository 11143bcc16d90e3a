"""`portal files`: the stored documents of the dossiers."""

from __future__ import annotations

import click

from portal.cli_app import application


@click.group()
def files() -> None:
    """Look after the stored documents."""


@files.command()
def clean() -> None:
    """Remove bytes older than a day that no dossier names; the worker does it every six hours."""
    from portal.documents.services import remove_orphans

    with application():
        count, size = remove_orphans()
    click.echo(f"Orphaned files removed: {count} ({size:,} bytes).")
