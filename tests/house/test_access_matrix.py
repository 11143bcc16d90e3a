"""Every change of rights shows in a committed text file, so that somebody reviews it."""

import difflib

from click.testing import CliRunner

from portal.access.matrix import MATRIX_FILE, SHORT, full_matrix, permission_matrix
from portal.access.roles import Role
from portal.cli_access import access, app_without_servers


def test_the_committed_matrix_is_what_the_code_does() -> None:
    committed = MATRIX_FILE.read_text(encoding="utf-8").splitlines()
    actual = full_matrix(app_without_servers()).splitlines()
    changes = list(
        difflib.unified_diff(committed, actual, "matrix.txt", "the code", lineterm="", n=0)
    )
    assert not changes, "Run `portal access matrix --write` and have the change reviewed:\n" + (
        "\n".join(changes)
    )


def test_the_matrix_has_a_column_for_every_role() -> None:
    assert set(SHORT) == set(Role)
    assert len(set(SHORT.values())) == len(SHORT)


def test_the_matrix_shows_allowed_denied_and_neither() -> None:
    lines = {line.split()[0]: line.split()[1:] for line in permission_matrix().splitlines()}
    columns = dict(zip(lines["PERMISSION"], lines["activity:propose"], strict=True))
    assert (columns["off"], columns["hea"], columns["ins"]) == ("yes", "-", "NO")


def test_the_command_line_answers_who_may_do_something() -> None:
    said = CliRunner().invoke(access, ["who", "appraisal:sign"])
    assert said.exit_code == 0, said.output
    assert "focal-head" in said.output
    assert "focal-officer" not in said.output
    said = CliRunner().invoke(access, ["may", "focal-head"])
    assert "appraisal:sign" in said.output
    assert CliRunner().invoke(access, ["who", "appraisal:guess"]).exit_code == 2
