"""`portal access`: who may do what, for people who review rights."""

from __future__ import annotations

import sys

import click
from flask import Flask

from portal.access.enforcer import policy_version, rights_table
from portal.access.matrix import MATRIX_FILE, full_matrix
from portal.access.permissions import Permission
from portal.access.roles import Role
from portal.config import Settings
from portal.factory import create_app

_ROLES = click.Choice([role.value for role in Role])
_PERMISSIONS = click.Choice([permission.value for permission in Permission])


def app_without_servers() -> Flask:
    """The application for reading its routes; its servers are never called."""
    return create_app(
        Settings.from_environ(
            {
                "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
                "REDIS_URL": "redis://127.0.0.1:1/0",
                "PORTAL_SECRET_KEY": "for reading the routes, never served",
            }
        )
    )


@click.group()
def access() -> None:
    """Who may do what: roles, permissions, addresses."""


@access.command()
@click.option("--write", is_flag=True, help=f"Write {MATRIX_FILE.name} instead of printing it.")
@click.option("--check", is_flag=True, help="Exit with 1 when the committed file differs.")
def matrix(*, write: bool, check: bool) -> None:
    """Print the access matrix of roles, permissions and addresses."""
    text = full_matrix(app_without_servers())
    if write:
        MATRIX_FILE.write_text(text, encoding="utf-8")
        click.echo(f"Wrote {MATRIX_FILE}.")
    elif check:
        if not MATRIX_FILE.exists() or MATRIX_FILE.read_text(encoding="utf-8") != text:
            click.echo("matrix.txt is not what the code does: portal access matrix --write.")
            sys.exit(1)
        click.echo("matrix.txt is what the code does.")
    else:
        click.echo(text, nl=False)


@access.command()
@click.argument("permission", type=_PERMISSIONS)
def who(permission: str) -> None:
    """Name the roles that may do PERMISSION."""
    asked = Permission(permission)
    click.echo(f"{asked}: {asked.vi} · {asked.en}")
    for role in rights_table().roles_with(asked):
        click.echo(f"  {role.value:<20} {role.vi} · {role.en}")


@access.command()
@click.argument("role", type=_ROLES)
def may(role: str) -> None:
    """List what ROLE may do."""
    asked = Role(role)
    click.echo(f"{asked.value}: {asked.vi} · {asked.en}")
    for permission in sorted(rights_table().allowed[asked]):
        click.echo(f"  {permission.value:<28} {permission.vi} · {permission.en}")


@access.command()
def version() -> None:
    """Print the version (SHA-256) of the policy in force."""
    click.echo(policy_version())
