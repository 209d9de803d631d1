"""`make lighthouse`: what Lighthouse says of the public pages, on a phone and at a desk, served as a clinic does.

Accessibility must be 100, everything else 95 or more; what is below is printed with its reasons, and ends with 1.
Pages that searchers are asked to leave out are not asked how well searchers find them.

    make lighthouse PAGES="/guide/hour/ /directory/"      only these
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

PAGES = (
    *("/guide/", "/guide/hour/", "/guide/room/", "/guide/questions/", "/guide/fades/", "/guide/thanks/"),
    *("/directory/", "/directory/?near=Dublin&within=100", "/directory/?near=Lisbon&within=50"),
    *("/directory/clinics/alder-house-invented-dublin/", "/directory/criteria/", "/directory/apply/"),
)
FOR_NOBODY_WHO_SEARCHES = ("/guide/thanks/", "/directory/apply/")
FORMS = {"phone": [], "desk": ["--preset=desktop"]}
TRIES = 3  # the browser may not answer Lighthouse in time on a machine that does other things too
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 95}


def main() -> int:
    from stillroom.project.running import set_up_django

    set_up_django()
    from tests import chromium
    from tests.cast import make_cast
    from tests.conftest import using
    from tests.e2e.served import serving

    os.environ |= {"CHROME_PATH": chromium.path(), "STILLROOM_DIRECTORY_RUN_BY": "Test Network"}
    flags = " ".join(["--headless=new", *chromium.arguments()])
    table, complaints = Table("page", "on", *LEAST), []
    with serving() as clinic:
        with using(clinic.database_url):
            _furnish(make_cast())
        for page in sys.argv[1:] or PAGES:
            for form, how in FORMS.items():
                report = _report(clinic.url + page, flags, how)
                scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in LEAST}
                table.add_row(page, form, *(str(score) for score in scores.values()))
                sys.stderr.write(
                    f"{page} on {form}: {', '.join(f'{name} {score}' for name, score in scores.items())}\n"
                )
                asked = [name for name in LEAST if name != "seo" or page not in FOR_NOBODY_WHO_SEARCHES]
                low = [name for name in asked if scores[name] < LEAST[name]]
                complaints += [f"{page} on {form}, {name}: {why}" for name in low for why in _reasons(report, name)]
    Console().print(table)
    for complaint in complaints:
        print(complaint)  # noqa: T201  # a command's answer
    return 1 if complaints else 0


def _furnish(cast: Any) -> None:
    """Two clinics in the directory: one was seen, one is its own word."""
    from django.test.utils import override_settings

    from stillroom.clinics.rows import clinic_scope
    from tests.directory.listed import listed

    with override_settings(DIRECTORY_RUN_BY="Test Network"), clinic_scope(cast.clinic.pk):
        listed(cast, verdict="seen", evidence="visit")
        listed(cast, name="Birch Rooms (invented)", town="Cork", north="51.8979", east="-8.4706")


def _report(url: str, flags: str, how: list[str]) -> dict[str, object]:
    program = HERE / "node_modules" / ".bin" / "lighthouse"
    only = f"--only-categories={','.join(LEAST)}"
    quiet = ["--quiet", "--no-enable-error-reporting", "--output=json", "--output-path=stdout"]
    command = [str(program), url, f"--chrome-flags={flags}", only, *quiet, *how]
    for _ in range(TRIES):
        said = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        if said.returncode == 0:
            report: dict[str, object] = json.loads(said.stdout)
            return report
    raise RuntimeError(said.stderr)


def _reasons(report: dict, category: str) -> Iterator[str]:
    for each in report["categories"][category]["auditRefs"]:
        audit = report["audits"][each["id"]]
        if each["weight"] and audit["score"] is not None and audit["score"] < 1:
            yield f"{audit['title']} {audit.get('displayValue', '')}".strip()


if __name__ == "__main__":
    sys.exit(main())
