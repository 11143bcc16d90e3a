"""Signing in leads back to a page of the portal and to nothing else."""

import pytest

from portal.access.sign_in import safe_next


@pytest.mark.parametrize(
    "target", ["/", "/desk", "/activities/12?state=draft&after=9", "/tìm?q=Đà"]
)
def test_a_path_of_the_portal_is_kept(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "desk",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/" + "a" * 2000,
    ],
)
def test_another_site_or_scheme_is_dropped(target: str | None) -> None:
    assert safe_next(target) is None
