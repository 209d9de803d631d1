"""`make lighthouse`: what Lighthouse says of the public pages, on a phone and at a desk, served as a clinic does.

Accessibility must be 100, everything else 95 or more; what is below is printed with its reasons, and ends with 1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

PAGES = ("/guide/", "/guide/hour/", "/guide/room/", "/guide/questions/", "/guide/fades/")
FORMS = {"phone": [], "desk": ["--preset=desktop"]}
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 95}


def main() -> int:
    from stillroom.project.running import set_up_django

    set_up_django()
    from tests import chromium
    from tests.cast import make_cast
    from tests.conftest import using
    from tests.e2e.served import serving

    os.environ["CHROME_PATH"] = chromium.path()
    flags = " ".join(["--headless=new", *chromium.arguments()])
    table, complaints = Table("page", "on", *LEAST), []
    with serving() as clinic:
        with using(clinic.database_url):
            make_cast()
        for page in sys.argv[1:] or PAGES:
            for form, how in FORMS.items():
                report = _report(clinic.url + page, flags, how)
                scores = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in LEAST}
                table.add_row(page, form, *(str(score) for score in scores.values()))
                low = [name for name, least in LEAST.items() if scores[name] < least]
                complaints += [f"{page} on {form}, {name}: {why}" for name in low for why in _reasons(report, name)]
    Console().print(table)
    for complaint in complaints:
        print(complaint)  # noqa: T201  # a command's answer
    return 1 if complaints else 0


def _report(url: str, flags: str, how: list[str]) -> dict[str, object]:
    program = HERE / "node_modules" / ".bin" / "lighthouse"
    only = f"--only-categories={','.join(LEAST)}"
    quiet = ["--quiet", "--no-enable-error-reporting", "--output=json", "--output-path=stdout"]
    command = [str(program), url, f"--chrome-flags={flags}", only, *quiet, *how]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180)
    report: dict[str, object] = json.loads(said.stdout)
    return report


def _reasons(report: dict, category: str) -> Iterator[str]:
    for each in report["categories"][category]["auditRefs"]:
        audit = report["audits"][each["id"]]
        if each["weight"] and audit["score"] is not None and audit["score"] < 1:
            yield f"{audit['title']} {audit.get('displayValue', '')}".strip()


if __name__ == "__main__":
    sys.exit(main())
