"""`portal compliance`: exact exit codes, JSON lines on standard output, one line an error."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli_compliance import compliance
from portal.compliance.regulations import DEFAULT_FOLDER
from portal.compliance.strict_yaml import read_documents
from tests.unit.compliance.malformed import GOOD

CASES = DEFAULT_FOLDER / "cases"
KEYS = ["case", "verdict", "authority", "opinions_required", "notify", "deadlines", "findings"]
FINDING_KEYS = [
    *("rule", "severity", "version", "legal_basis", "facts", "message_vi", "message_en"),
]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(compliance, [str(argument) for argument in arguments])


@pytest.mark.parametrize("file", sorted(CASES.glob("*.yaml")), ids=lambda file: file.stem)
def test_check_prints_one_json_document_a_case_whatever_the_verdict(file: Path) -> None:
    result = run("check", file)
    assert result.exit_code == 0
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert len(lines) == file.read_text("utf-8").count("\n---\n") + 1
    for line in lines:
        answer = json.loads(line)
        assert list(answer) == KEYS
        assert answer["verdict"] in ("pass", "warn", "block")
        assert answer["opinions_required"] == sorted(answer["opinions_required"])
        assert answer["notify"] == sorted(answer["notify"])
        for finding in answer["findings"]:
            assert [key for key in finding if key != "waived"] == FINDING_KEYS
            assert finding["legal_basis"]
            assert finding["message_vi"]
            assert finding["message_en"]


def test_vietnamese_is_printed_as_it_is() -> None:
    assert "Trần Thị Bình đã có 2 chuyến" in run("check", CASES / "outbound.yaml").stdout


def test_a_malformed_document_keeps_the_good_ones_before_it_off_the_output(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(f"{GOOD}---\n{GOOD.replace('[LA]', '[NO]')}", "utf-8")
    result = run("check", file)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"{file}: document 2: proposal.countries.0: expected")
    assert '"NO"' in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("ending", ["\\N", "\\L", "\\P"])
def test_a_case_stays_on_one_line_for_every_reader(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(GOOD.replace("a sentence", f'"a{ending}b"'), "utf-8")
    (line,) = run("check", file).stdout.splitlines()
    assert len(json.loads(line)["case"]) == 3


@pytest.mark.parametrize("name", ["nowhere.yaml", "", "/", "\n", "fold\ner.jsonl"])
def test_a_file_that_cannot_be_read_is_one_line(name: str) -> None:
    result = run("check", name)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


def test_the_cases_of_the_project_agree() -> None:
    result = run("test", CASES)
    assert result.exit_code == 0
    assert "0 differ, 0 skipped" in result.stdout


def test_a_case_that_differs_is_named_with_what_was_expected_and_exits_1(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(GOOD, "utf-8")
    result = run("test", tmp_path)
    assert result.exit_code == 1
    assert "DIFFERS" in result.stdout
    assert "a sentence" in result.stdout
    assert "expected pass, got block" in result.stdout


def test_a_malformed_file_wins_over_one_that_differs(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, "utf-8")
    below = tmp_path / "below"
    below.mkdir()
    (below / "b.yml").write_text("case: x\n", "utf-8")
    (below / "c.yaml").write_text("", "utf-8")
    result = run("test", tmp_path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 2
    assert "b.yml: document 1: as_of" in result.stderr


def test_a_case_without_expect_is_skipped_aloud(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(GOOD[: GOOD.index("expect:")], "utf-8")
    (tmp_path / "notes.txt").write_text("not a case", "utf-8")
    result = run("test", tmp_path)
    assert result.exit_code == 0
    assert "SKIP" in result.stdout
    assert "1 skipped" in result.stdout


def test_information_is_not_compared_and_repeated_findings_are_counted(tmp_path: Path) -> None:
    text = (CASES / "conference.yaml").read_text("utf-8")
    scope = next(d for d in text.split("---\n") if "a press conference is out of scope" in d)
    (tmp_path / "x.yaml").write_text(scope, "utf-8")
    assert run("test", tmp_path).exit_code == 0
    text = (CASES / "outbound-people.yaml").read_text("utf-8")
    two = next(d for d in text.split("---\n") if "each leader with two trips is a finding" in d)
    once = "findings: {outbound.leader-trips: block}"
    start, end = two.index("findings:"), two.rindex("\n")
    (tmp_path / "x.yaml").write_text(two[:start] + once + two[end:], "utf-8")
    assert run("test", tmp_path).exit_code == 1


@pytest.mark.parametrize(
    ("expect", "agrees"),
    [
        ("authority: chair", True),
        ("authority: central", False),
        ("authority: null", True),
        ("opinions_required: [focal]", True),
        ("opinions_required: []", False),
        ("notify: []", True),
        ("notify: [police]", False),
        ("deadlines: null", True),
        ("deadlines: []", False),
    ],
)
def test_what_is_given_is_compared_and_what_is_absent_is_not(
    tmp_path: Path, expect: str, agrees: bool
) -> None:
    text = (CASES / "outbound-plan.yaml").read_text("utf-8").split("---\n")[1]
    assert "an item" in text or "a plan item" in text
    start = text.index("expect:")
    kept = "expect:\n  verdict: block\n  findings: {outbound.plan: block}\n"
    (tmp_path / "x.yaml").write_text(f"{text[:start]}{kept}  {expect}\n", "utf-8")
    assert run("test", tmp_path).exit_code == (0 if agrees else 1)


def test_a_pipe_among_the_cases_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    result = run("test", tmp_path)
    assert result.exit_code == 2
    assert "regular file" in result.stderr


def test_a_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").symlink_to(tmp_path / "nowhere")
    assert run("test", tmp_path).exit_code == 2


@pytest.mark.parametrize("name", ["nowhere", "no\nwhere"])
def test_no_folder_is_an_error(name: str) -> None:
    result = run("test", name)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_the_command_needs_neither_server_nor_utf8_terminal() -> None:
    code = "import sys; from portal.cli_compliance import compliance; compliance()"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(CASES / "outbound.yaml")],
        capture_output=True,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        cwd=CASES.parents[2],
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "Trần Thị Bình" in done.stdout.decode("utf-8")


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Cases in bulk, more answers than a pipe holds."""
    (case,) = read_documents(GOOD.encode())
    file = tmp_path / "many.jsonl"
    file.write_text(f"{json.dumps(case, default=str)}\n" * 200, "utf-8")
    return file


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """The command as somebody types it; `portal` is ours."""
    portal = f"{sys.executable} -c 'from portal.cli import main; main()'"
    return subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {command.replace('portal', portal, 1)}"],
        capture_output=True, text=True, cwd=CASES.parents[2], timeout=60,
    )  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("where", ["> /dev/full", ">&-"])
def test_an_answer_that_cannot_be_written_is_one_line_and_2(lines: Path, where: str) -> None:
    for what in (f"check {CASES}/outbound.yaml", f"check {lines}", f"test {CASES}"):
        done = shell(f"portal compliance {what} {where}")
        assert done.returncode == 2, what
        assert done.stderr.startswith("standard output: expected "), what
        assert done.stderr.count("\n") == 1, what


def test_who_has_read_enough_may_close_the_pipe(lines: Path) -> None:
    for what in (f"check {CASES}/outbound-people.yaml", f"check {lines}", f"test {CASES}"):
        done = shell(f"portal compliance {what} | head -c 9")
        assert (done.returncode, done.stderr, len(done.stdout)) == (0, "", 9), what


def test_judging_loads_neither_flask_nor_the_database() -> None:
    code = (
        "import sys, portal.cli_compliance, portal.compliance.engine, portal.compliance.cases;"
        "sys.exit(int(any(m in sys.modules for m in ('flask', 'sqlalchemy', 'holidays'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=CASES.parents[2], timeout=60)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("province: quang-nam", "province: hue"),
        ("as_of: 2024-11-20", "as_of: 2024-02-30"),
        ("kind: outbound", "kind: outbound, surprise: 1"),
    ],
)
def test_the_error_names_the_line(tmp_path: Path, broken: str, line: str) -> None:
    lines = f"{GOOD}---\n{GOOD}".splitlines()
    place = max(number for number, text in enumerate(lines) if broken in text)
    lines[place] = lines[place].replace(broken, line)
    file = tmp_path / "x.yaml"
    file.write_text("\n".join(lines), "utf-8")
    stderr = run("check", file).stderr
    assert stderr.startswith(f"{file}: document 2: ")
    assert stderr.endswith(f"(line {place + 1})\n")
