"""`portal compliance`: judge case files without database, server or sign-in."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

import click

if TYPE_CHECKING:
    from portal.compliance.cases import Expectation, LoadedCase
    from portal.compliance.findings import Judgement
    from portal.compliance.regulations import Severity

# Characters of a text that some readers take for the end of a line; JSON leaves them as they are.
_LINE_ENDS: Final = [(c, f"\\u{ord(c):04x}") for c in "\x85\u2028\u2029"]


@click.group()
def compliance() -> None:
    """Check files against the regulations."""


def _judge(cases: Iterable[LoadedCase]) -> list[Judgement]:
    from portal.compliance.engine import judge
    from portal.compliance.regulation_files import RegulationError

    try:
        return [judge(loaded.case) for loaded in cases]
    except RegulationError as error:
        _refuse([str(error)])


@compliance.command()
@click.argument("case_file", metavar="CASE.yaml|CASES.jsonl")
def check(case_file: str) -> None:
    """Judge every case of one file; print one JSON document a case.

    A file whose name ends in .jsonl holds one case a line and may be of any length.
    """
    from portal.compliance.cases import CaseFileError, load_file

    if case_file.endswith(".jsonl"):
        _check_lines(case_file)
        return
    try:
        cases = load_file(case_file)
    except CaseFileError as error:
        _refuse([str(error)])
    _print(map(_answer, cases, _judge(cases)))


def _answer(loaded: LoadedCase, judgement: Judgement) -> str:
    answer = json.dumps(judgement.as_dict(loaded.name, loaded.names), ensure_ascii=False)
    for character, escaped in _LINE_ENDS:  # far quicker than str.translate
        answer = answer.replace(character, escaped)
    return answer


def _check_lines(case_file: str) -> None:
    """Answers wait on disk until the last case is read: of a malformed file nothing is printed."""
    from portal.compliance.engine import judge
    from portal.compliance.regulation_files import RegulationError

    try:
        with TemporaryFile() as answers:
            for loaded in _lines_of(case_file):
                answers.write(_answer(loaded, judge(loaded.case)).encode() + b"\n")
            answers.seek(0)
            with _output() as output:
                shutil.copyfileobj(answers, output)
    except RegulationError as error:
        _refuse([str(error)])
    except OSError as error:
        _refuse([f"folder for temporary files: expected room for the answers: {error.strerror}"])


def _lines_of(case_file: str) -> Iterator[LoadedCase]:
    from portal.compliance.cases import CaseFileError, unreadable
    from portal.compliance.json_lines import load_lines

    try:
        with Path(case_file).open("rb") as stream:
            yield from load_lines(stream, case_file)
    except CaseFileError as error:
        _refuse([str(error)])
    except (OSError, ValueError) as error:
        _refuse([str(unreadable(case_file, error))])


@compliance.command()
@click.argument("directory", metavar="DIR")
def test(directory: str) -> None:
    """Run every case below DIR against its `expect`; 1 if any differs, 2 if any is malformed."""
    from portal.compliance.cases import CaseFileError, load_file

    malformed: list[str] = []
    loaded: list[tuple[Path, LoadedCase]] = []
    for file in _case_files(directory):
        if file.exists() and not file.is_file():
            malformed.append(f"{file}: document 1: (document): expected a regular file")
            continue
        try:
            loaded += [(file, case) for case in load_file(file)]
        except CaseFileError as error:
            malformed.append(str(error))
    if malformed:
        _refuse(malformed)
    tally: Counter[str] = Counter()
    lines: list[str] = []
    judgements = _judge(case for _, case in loaded)
    for (file, case), judgement in zip(loaded, judgements, strict=True):
        if case.expect is None:
            tally["skipped"] += 1
            lines.append(f"SKIP {_shown(file, case)}: it has no expect")
            continue
        wrong = differences(judgement, case.expect)
        tally["differ" if wrong else "agree"] += 1
        lines += [f"DIFFERS {_shown(file, case)}: {difference}" for difference in wrong]
    counts = ", ".join(f"{tally[word]} {word}" for word in ("agree", "differ", "skipped"))
    _print([*lines, f"{len(loaded)} cases: {counts}"])
    sys.exit(1 if tally["differ"] else 0)


@compliance.command()
@click.option("--processes", type=click.IntRange(1), help="Default: one for each core.")
def replay(processes: int | None) -> None:
    """Judge every kept verdict again by the law of its day; 1 if any differs."""
    from portal.compliance.replay import Source, replay_all
    from portal.config import Settings
    from portal.core.roles import AUDIT
    from portal.server.addresses import conninfo
    from portal.server.session import reachable

    started = time.monotonic()
    total = differ = 0
    with reachable(Settings.from_environ()) as settings:
        address = conninfo(settings.migrate_database_url or settings.database_url)
        for count, differences in replay_all(
            Source(address, AUDIT), processes or os.cpu_count() or 1
        ):
            total += count
            differ += len(differences)
            for difference in differences:
                click.echo(str(difference), err=True)
    said = f"{total:,} verdicts, {time.monotonic() - started:.1f} s"
    if differ:
        click.echo(f"{said}: {differ:,} differ.", err=True)
        sys.exit(1)
    _print([f"{said}: zero differences."])


def differences(judgement: Judgement, expect: Expectation) -> list[str]:
    """What the law says otherwise than the author expected; info findings are not compared."""
    found: Counter[tuple[str, Severity]] = Counter(
        (f.rule, f.severity) for f in judgement.findings if f.severity != "info"
    )
    wanted = Counter({pair: n for pair, n in expect.findings.items() if pair[1] != "info"})
    pairs: list[tuple[str, object, object]] = [
        ("verdict", expect.verdict, judgement.verdict),
        ("findings", _listed(wanted), _listed(found)),
    ]
    if expect.authority is not None:
        pairs.append(("authority", expect.authority, judgement.authority))
    if expect.opinions_required is not None:
        required = sorted(judgement.opinions_required)
        pairs.append(("opinions_required", expect.opinions_required, required))
    if expect.notify is not None:
        pairs.append(("notify", expect.notify, sorted(judgement.notify)))
    if expect.deadlines is not None:
        due = sorted(f"{d.rule} {d.due}" for d in judgement.deadlines)
        pairs.append(("deadlines", sorted(f"{r} {d}" for r, d in expect.deadlines), due))
    return [f"{what}: expected {a}, got {b}" for what, a, b in pairs if a != b]


def _listed(findings: Counter[tuple[str, Severity]]) -> list[str]:
    return sorted(f"{rule}: {severity}" for rule, severity in findings.elements())


def _shown(file: Path, case: LoadedCase) -> str:
    from portal.compliance.strict_yaml import one_line

    return f"{one_line(str(file))}: {one_line(case.name)}"


def _case_files(directory: str) -> list[Path]:
    """Every *.yaml and *.yml below the folder, in order; links to folders are not followed."""
    folder = Path(directory)
    if not folder.is_dir():
        _refuse([f"{directory}: document 1: (document): expected a folder of case files"])
    files = [p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml") and not p.is_dir()]
    return sorted(files)


def _print(lines: Iterable[str]) -> None:
    """UTF-8 whatever the terminal says; everything is ready before the first line is written."""
    text = "".join(f"{line}\n" for line in list(lines))
    with _output() as output:
        output.write(text.encode("utf-8"))


@contextmanager
def _output() -> Iterator[BinaryIO]:
    """Standard output: who reads it (`| head`) may have read enough; a full disk is an error."""
    if sys.stdout is None:
        _refuse(["standard output: expected to be open"])
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except OSError as error:
        # Python would try once more, when it ends, to write what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            _refuse([f"standard output: expected room for the answers: {error.strerror}"])


def _refuse(lines: list[str]) -> NoReturn:
    from portal.compliance.strict_yaml import one_line

    text = "".join(f"{one_line(line, longest=2000)}\n" for line in lines)
    sys.stderr.buffer.write(text.encode("utf-8"))
    sys.stderr.flush()
    sys.exit(2)


if __name__ == "__main__":
    compliance()
