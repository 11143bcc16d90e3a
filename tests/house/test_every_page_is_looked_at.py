"""No page is added that nobody looks at: axe, the phone and both languages come with the line."""

import pytest

from portal.cli_access import app_without_servers
from tests.support.page_tour import EXAMPLES, NO_PAGE, PAGES, pages_of


@pytest.fixture(scope="module")
def endpoints() -> set[str]:
    return pages_of(app_without_servers())


def test_every_page_has_an_example_that_the_browser_looks_at(endpoints: set[str]) -> None:
    missing = sorted(endpoints - PAGES.keys() - NO_PAGE.keys())
    lines = "\n".join(f'    "{name}": ("<username> /its/address",),' for name in missing)
    assert not missing, (
        "These pages are looked at by no test. Add a line for each to PAGES in "
        "tests/support/page_tour.py (username of the demo, then the address; {draft} and the like "
        "are found by EXAMPLES), or a reason to NO_PAGE if it is no page:\n" + lines
    )


def test_no_example_is_left_of_a_page_that_is_gone(endpoints: set[str]) -> None:
    assert not (PAGES.keys() | NO_PAGE.keys()) - endpoints
    assert not PAGES.keys() & NO_PAGE.keys()


def test_every_id_is_used() -> None:
    addresses = " ".join(line for lines in PAGES.values() for line in lines)
    assert not [name for name in EXAMPLES if f"{{{name}}}" not in addresses]
