"""What we ship of others is listed with version, licence and hash, and is what it was."""

import gzip
import hashlib
import json
import re

from portal.activities.words import ACTIONS
from portal.web.navigation import PLACES
from portal.web.states import STATES
from tests.support.messages import PORTAL, ROOT

VENDOR = ROOT / "static" / "vendor"
LISTED = json.loads((VENDOR / "vendor.json").read_text("utf-8"))
FREE = {"MIT", "0BSD", "OFL-1.1"}
#: Compressed bytes that a first visit may fetch, the page itself included.
FIRST_LOAD = 200_000


def test_every_vendored_file_is_listed_and_unchanged() -> None:
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name != "vendor.json"
    }
    assert found == {entry["file"]: entry["sha256"] for entry in LISTED}


def test_every_vendored_file_has_a_free_licence_and_its_version_in_its_name() -> None:
    for entry in LISTED:
        assert entry["licence"] in FREE, entry["file"]
        assert entry["version"] in entry["file"], entry["file"]


def test_the_sprite_holds_the_icons_in_use_and_no_others() -> None:
    sprite = (VENDOR / "icons-3.51.0.svg").read_text("utf-8")
    known = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    templates = "".join(path.read_text("utf-8") for path in PORTAL.rglob("templates/**/*.html"))
    python = "".join(path.read_text("utf-8") for path in PORTAL.rglob("*.py"))
    asked = set(re.findall(r'icon\("([a-z0-9-]+)"', templates))
    asked |= set(re.findall(r'icon="([a-z0-9-]+)"', templates + python))
    for named in (ACTIONS.values(), PLACES, STATES.values()):
        asked |= {each.icon for each in named}
    assert asked <= known, f"add to static/vendor/icons-3.51.0.svg: {asked - known}"
    idle = {name for name in known if f'"{name}"' not in templates + python}
    assert not idle, f"nobody asks for these icons; take them out of the sprite: {idle}"


def test_a_first_visit_fetches_less_than_two_hundred_kilobytes() -> None:
    files = [
        path
        for path in sorted((ROOT / "static").rglob("*"))
        if path.is_file() and path.name != "vendor.json"
    ]
    total = sum(
        len(path.read_bytes() if path.suffix == ".woff2" else gzip.compress(path.read_bytes(), 9))
        for path in files
    )
    assert total < FIRST_LOAD - 20_000, "leave 20 kB for the page itself"
