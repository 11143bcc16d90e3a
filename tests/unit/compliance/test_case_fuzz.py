"""Nonsense of every sort is read or refused in one line; nothing else comes out."""

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.compliance.cases import CaseFileError, load_cases, read_case
from portal.compliance.strict_yaml import MalformedError
from tests.unit.compliance.malformed import GOOD, error_of


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_never_more_than_one_line(data: bytes) -> None:
    error_of(data)


TAGS = [f"!!{tag} " for tag in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")]
PIECES = st.sampled_from(
    [
        *GOOD.split("\n"),
        *GOOD.split(),
        *"[]{}:,&*!|>?-#'\"%@`\t\n ~=",
        "<<",
        "---",
        "...",
        "\ufeff",
        *TAGS,
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40), st.sampled_from(["", "\n", " "]))
def test_random_yaml_is_never_more_than_one_line(pieces: list[str], joint: str) -> None:
    try:
        load_cases(joint.join(pieces).encode())
    except CaseFileError as caught:
        line = str(caught)
    else:
        line = "read"
    assert line.isprintable()


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates().map(str),
    st.sampled_from(["a", "an", "P1", "outbound", "approved", "block", "pass", "LA", "any.dates"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a parsed case that holds a value: its container and its key there."""
    found: list[tuple[Any, Any]] = []
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, entry in entries:
        found.append((value, key))
        if isinstance(entry, (dict, list)):
            found += _places(entry)
    return found


def _refusal(document: object) -> MalformedError | None:
    try:
        read_case(document)
    except MalformedError as error:
        return error
    return None


@settings(max_examples=300, deadline=None)
@given(st.data(), VALUES)
def test_any_value_in_any_place_is_read_or_refused(data: st.DataObject, value: object) -> None:
    document = yaml.safe_load(GOOD)
    container, key = data.draw(st.sampled_from(_places(document)))
    container[key] = value
    error = _refusal(document)
    assert error is None or (error.key and error.expected.startswith("expected"))
