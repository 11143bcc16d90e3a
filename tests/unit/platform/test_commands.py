"""The command line: complete, light, and short about it."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from portal.cli import COMMANDS, cli

PROMISED = {
    *("run", "web", "worker", "migrate", "demo", "compliance", "audit", "user", "doctor"),
    *("access", "files"),
}


def test_help_lists_every_command_with_one_line():
    assert set(COMMANDS) >= PROMISED
    result = CliRunner().invoke(cli, ["--help"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    for name in COMMANDS:
        (line,) = [line for line in lines if line.split()[:1] == [name]]
        assert len(line.split()) > 2
        assert line.endswith(".")


def test_an_unknown_command_is_refused():
    result = CliRunner().invoke(cli, ["dance"])
    assert result.exit_code == 2
    assert "No such command" in result.output


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_listed_command_exists_and_explains_itself(name):
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], ("flask", "sqlalchemy", "psycopg", "redis", "casbin", "yaml")),
        (["run", "--help"], ("flask", "sqlalchemy", "alembic")),
        (["compliance", "--help"], ("flask", "sqlalchemy", "psycopg", "redis")),
    ],
)
def test_a_light_command_imports_nothing_heavy(arguments, heavy):
    script = (
        "import sys\nfrom portal.cli import cli\n"
        f"cli({arguments!r}, standalone_mode=False)\n"
        f"found = [name for name in {heavy!r} if name in sys.modules]\n"
        "sys.exit(f'imported {found}' if found else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
