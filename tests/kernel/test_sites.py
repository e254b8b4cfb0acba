"""Addresses of sites in names, which letters carry to strangers (T2-95). It …"""

from __future__ import annotations

from datetime import datetime

import pytest

from app.accounts import policy
from app.kernel.text import has_site
from app.organizations import service as organizations
from tests.cast import Cast

SITE = "URGENT verify at http://evil.example/login now"


@pytest.mark.parametrize(
    "name",
    [
        SITE,
        "evil.example/login",
        "Visit WWW.evil.example",
        "ｗｗｗ．evil．example",
        "ｅｖｉｌ．ｅｘａｍｐｌｅ／ｌｏｇｉｎ",
        "evil.example:8080/x",
        "evil.example?x=1",
        "192.0.2.1/x",
        "ftp://x",
    ],
)
def test_finds_them(name: str) -> None:
    assert has_site(name)


@pytest.mark.parametrize(
    "name",
    [
        "St. John",
        "Dr.Smith",
        "J.R.R. Tolkien",
        "A.B.C株式会社",
        "example.com株式会社",
        "Booking.com",
        "Acme Co.,Ltd.",
        "Acme Co.Ltd/東京",
        "Co.Ltd/Tokyo",
        "株式会社A.B/C",
        "営業部/東京",
        "N/A",
        "No.1/No.2",
        "O'Neill-Smith",
    ],
)
def test_finds_none_in_names_that_people_and_companies_have(name: str) -> None:
    assert not has_site(name)


@pytest.mark.parametrize("field", policy.NAMES)
def test_are_refused_in_a_person_s_name(field: str) -> None:
    with pytest.raises(policy.SiteInName) as refused:
        policy.ensure_well_formed({"family_name": "Smith", field: SITE})  # type: ignore[misc]
    assert refused.value.field == field
    assert "web address" in str(refused.value)


@pytest.mark.parametrize("field", ["name", "latin_name"])
def test_are_refused_in_an_organization_s_name(cast: Cast, now: datetime, field: str) -> None:
    words = {"name": "Acme", "latin_name": "", field: SITE}
    with pytest.raises(policy.SiteInName) as refused:
        organizations.create(code="acme", language="en", time_zone="UTC", by=None, now=now, **words)
    assert refused.value.field == field
