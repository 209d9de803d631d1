from __future__ import annotations

from pathlib import Path

import pytest

from stillroom.project.machine_zone import zone_of_this_machine


def linked_to(folder: Path, zone: str) -> Path:
    """As systems do it: /etc/localtime leads into a folder of zones."""
    target = folder / "zoneinfo" / zone
    target.parent.mkdir(parents=True)
    target.touch()
    (folder / "localtime").symlink_to(target)
    return folder / "localtime"


@pytest.mark.parametrize(
    ("tz", "link", "zone"),
    [
        ("", "Europe/Dublin", "Europe/Dublin"),
        ("America/Lima", "Europe/Dublin", "America/Lima"),
        (":America/Lima", "Europe/Dublin", "America/Lima"),
        ("EST5EDT,M3.2.0,M11.1.0", "Europe/Dublin", "Europe/Dublin"),
        ("", "Nowhere/Land", "UTC"),
    ],
)
def test_it_is_what_tz_says_or_where_localtime_leads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tz: str, link: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", tz)
    assert zone_of_this_machine(linked_to(tmp_path, link)) == zone


def test_a_machine_that_does_not_say_keeps_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    assert zone_of_this_machine(tmp_path / "localtime") == "UTC"
