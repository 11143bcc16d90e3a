"""`portal demo`: load the demo province, list its accounts, say what is there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

import click

from portal.access.roles import Role
from portal.demo.data import Unit, units
from portal.demo.people import PASSWORD, SECOND_UNIT, TOUR, DemoAccount, account, accounts


@click.group()
def demo() -> None:
    """The demo province: load it, list its accounts."""


@demo.command()
def load() -> None:
    """Load the demo province into an empty database."""
    from portal.cli_app import application
    from portal.demo.load import load_if_empty

    with application():
        loaded = load_if_empty()
    if loaded is None:
        click.echo("The demo province is loaded already; nothing was changed.")
        return
    click.echo(
        f"The demo province is loaded: {loaded.units} agencies, {loaded.people} people, "
        f"{loaded.finished + loaded.under_way} delegations ({loaded.seconds:.1f} s)."
    )


@demo.command()
def status() -> None:
    """Say whether this database holds the demo province, and its files by state."""
    from portal.cli_app import application
    from portal.demo.load import counts, is_loaded

    with application():
        if not is_loaded():
            click.echo("This database does not hold the demo province.")
            return
        found = counts()
    click.echo("This database holds the demo province: invented people, real units of 2024.")
    for state, number in found.items():
        click.echo(f"{number:5}  {state}")


@demo.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="Every account as JSON.")
@click.option("--all", "everybody", is_flag=True, help="Every account, not only the tour's.")
def accounts_command(as_json: bool, everybody: bool) -> None:
    """List the sign-ins of the demo province; the tour's come first."""
    if as_json:
        click.echo(json.dumps([_plain(one) for one in accounts()], ensure_ascii=False, indent=2))
        return
    shown = accounts() if everybody else [account(name) for name in _SHOWN]
    click.echo(_table(shown))


_STEPS: Final = {
    "hoian.cb": "drafts the delegation",
    "hoian.ld": "reviews and submits it",
    "sngv.cb": "receives and appraises it",
    "sngv.ld": "signs the appraisal",
    "ca.cb": "gives the police opinion",
    "ubnd.ct": "decides",
}
"""What each account does in the tour."""
_SHOWN: Final = (*TOUR, "btv", "ubnd.vp", "thanhtra", "quantri")


def _plain(one: DemoAccount) -> dict[str, object]:
    unit = _units()[one.unit]
    plain: dict[str, object] = {
        "tenant": unit.vi,
        "tenant_en": unit.en,
        "roles": list(one.roles),
        "name": one.person.full_name,
        "position": one.person.post.post,
        "username": one.username,
        "password": PASSWORD,
        "tour": one.username in TOUR,
    }
    if one.username in SECOND_UNIT:
        other, roles = SECOND_UNIT[one.username]
        plain["also"] = {"tenant": _units()[other].vi, "roles": list(roles)}
    return plain


def _table(shown: Iterable[DemoAccount]) -> str:
    """User name, agency, and what the account does; the one password stands above."""
    rows = [(one.username, _units()[one.unit].en, _what(one)) for one in shown]
    wide = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    lines = [f"  {name:<{wide[0]}}  {unit:<{wide[1]}}  {what}" for name, unit, what in rows]
    head = [f"Demo sign-ins (sample data; the password of each is {PASSWORD}):", ""]
    foot = ["", "All of them: portal demo accounts --all (or --json)."]
    return "\n".join([*head, *lines, *foot])


def _what(one: DemoAccount) -> str:
    return _STEPS.get(one.username) or ", ".join(Role(role).en.lower() for role in one.roles)


def _units() -> dict[str, Unit]:
    return {unit.slug: unit for unit in units()}
