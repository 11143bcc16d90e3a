"""The `portal` command. Its parts are loaded only when called: the light ones stay light."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from portal import __version__
from portal.config import ConfigError

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("portal.server.cli:run", "Run everything here: servers, web, worker."),
    "web": ("portal.server.cli:web", "Serve the web pages."),
    "worker": ("portal.server.cli:worker", "Carry out queued work and sweep for what was missed."),
    "migrate": ("portal.server.cli:migrate", "Create the roles and bring the tables up to date."),
    "demo": ("portal.cli_demo:demo", "The demo province: load it, list its accounts."),
    "compliance": ("portal.cli_compliance:compliance", "Check files against the regulations."),
    "audit": ("portal.cli_audit:audit", "The audit chains and the inspector's packs."),
    "user": ("portal.cli_user:user", "Manage user accounts."),
    "access": ("portal.cli_access:access", "Who may do what: roles, permissions, addresses."),
    "files": ("portal.cli_files:files", "Look after the stored documents."),
    "doctor": ("portal.doctor:doctor", "Say what is wrong with this portal and how to mend it."),
}
"""Name → (where it is, one line of help). The help is here so that `--help` imports nothing."""


class LazyGroup(click.Group):
    """Imports a command when it is called, not when it is listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="portal")
def cli() -> None:
    """The Foreign Affairs Portal."""


def main() -> None:
    """Entry point: what stops the portal from starting is one sentence and exit code 2."""
    try:
        cli(prog_name="portal")
    except ConfigError as error:
        click.echo(f"portal: {error}", err=True)
        sys.exit(2)
