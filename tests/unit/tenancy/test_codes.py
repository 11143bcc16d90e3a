"""One agency is found under every ordering in which its identifier code is written."""

import pytest

from portal.tenancy.codes import normalised


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("H47", "H47"),
        ("000.00.00.H47", "H47"),
        ("00-00-H57", "H57"),
        ("28.22.H17", "H17.22.28"),
        ("H17.22.28", "H17.22.28"),
        ("000.28.22.H17", "H17.22.28"),
        ("000.00.15.H47", "H47.15"),
        ("H47.15", "H47.15"),
        (" h47.15 ", "H47.15"),
        ("H47.15.00", "H47.15"),
        ("H47.00.15", "H47.00.15"),
        ("so-ngoai-vu", "SO.NGOAI.VU"),
        ("", ""),
        ("...", ""),
        ("000", "000"),
    ],
)
def test_a_code_is_kept_with_its_widest_level_first(written: str, stored: str) -> None:
    assert normalised(written) == stored


@pytest.mark.parametrize("written", ["28.22.H17", "H47.15", "000.00.00.H47", "x y"])
def test_a_stored_code_stays_as_it_is(written: str) -> None:
    assert normalised(normalised(written)) == normalised(written)
