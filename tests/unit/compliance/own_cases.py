"""The project's own cases by their sentences."""

from typing import Final

from portal.compliance.cases import LoadedCase, load_file
from portal.compliance.facts import Case
from portal.compliance.regulations import DEFAULT_FOLDER

OWN: Final[dict[str, LoadedCase]] = {
    loaded.name: loaded
    for file in sorted((DEFAULT_FOLDER / "cases").glob("*.yaml"))
    for loaded in load_file(file)
}
CASES: Final[dict[str, Case]] = {name: loaded.case for name, loaded in OWN.items()}
