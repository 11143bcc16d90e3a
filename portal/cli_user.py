"""`portal user`: accounts from the server's command line: the first administrator, emergencies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select

from portal.access.roles import Role
from portal.cli_app import application
from portal.core.errors import FieldErrors, PortalError
from portal.extensions import db
from portal.identity import accounts
from portal.identity.models import UserAccount
from portal.tenancy.queries import tenant_by_code

_ROLES = click.Choice([role.value for role in Role])
_DAY = click.DateTime(["%d/%m/%Y", "%Y-%m-%d"])


@click.group()
def user() -> None:
    """Manage user accounts."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="Full name, as the pages show it.")
@click.option("--person", type=int, help="Id of the official whom the account belongs to.")
def create(username: str, name: str, person: int | None) -> None:
    """Create an account and print its one-time password."""
    with _refusals(), application():
        _, password = accounts.create_account(username=username, name=name, person_id=person)
    click.echo(f"{username}: one-time password {password}")


@user.command()
@click.argument("username")
def disable(username: str) -> None:
    """Disable an account and end its sessions."""
    with _refusals(), application():
        accounts.disable(accounts.find_account(username).id)
    click.echo(f"{username} is disabled.")


@user.command()
@click.argument("username")
@click.argument("role", type=_ROLES)
@click.option("--tenant", required=True, metavar="CODE", help="Identifier code of the agency.")
@click.option("--field", "fields", multiple=True, help="A deputy's field of work; may be repeated.")
@click.option("--from", "first", type=_DAY, help="First day; today when left out.")
@click.option("--to", "last", type=_DAY, help="Last day; until revoked when left out.")
def grant(
    username: str,
    role: str,
    tenant: str,
    fields: tuple[str, ...],
    first: dt.datetime | None,
    last: dt.datetime | None,
) -> None:
    """Give an account a role in an agency."""
    with _refusals(), application():
        agency = tenant_by_code(tenant)
        if agency is None:
            raise click.ClickException(f"No agency has the code {tenant}.")
        accounts.grant(
            accounts.Grant(
                user_id=accounts.find_account(username).id,
                tenant_id=agency.id,
                role=role,
                fields=fields,
                valid_from=first.date() if first else None,
                valid_to=last.date() if last else None,
            )
        )
    click.echo(f"{username} is {role} of {agency.name_vi}.")


@user.command("reset-password")
@click.argument("username")
def reset_password(username: str) -> None:
    """End an account's sessions and print a one-time password."""
    with _refusals(), application():
        password = accounts.reset_password(accounts.find_account(username).id)
    click.echo(f"{username}: one-time password {password}")


@user.command("list")
@click.option("--all", "everybody", is_flag=True, help="Disabled accounts too.")
def list_accounts(*, everybody: bool) -> None:
    """List the accounts: user name, name, state."""
    with _refusals(), application():
        statement = select(UserAccount.username, UserAccount.name, UserAccount.active)
        if not everybody:
            statement = statement.where(UserAccount.active)
        for username, name, active in db.session.execute(statement.order_by(UserAccount.username)):
            click.echo(f"{username}\t{name}\t{'active' if active else 'disabled'}")


@contextmanager
def _refusals() -> Iterator[None]:
    """A refusal is one sentence, not a traceback."""
    try:
        yield
    except FieldErrors as refused:
        raise click.ClickException(" ".join(refused.errors.values())) from None
    except PortalError as refused:
        raise click.ClickException(str(refused)) from None
