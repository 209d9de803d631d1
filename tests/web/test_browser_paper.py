"""A paper that is opened in the room is as dim as the room, can be read, and is black on white when it is printed."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from stillroom.bedside.paper.contents import slip
from stillroom.bedside.paper.pdf import leaves, pdf
from tests.bedside.test_paper import LETTERHEAD, seen
from tests.core.infusion.test_recovery import cleared
from tests.web.conftest import DESK, PHONE
from tests.web.drawing import draw
from tests.web.stand import standing
from tests.web.test_contrast import contrast, tokens

A4_PT = (595, 842)
SOFT = "#5a5a5a"  # the lightest ink of a paper: luma(90) in web/paper/look.typ
LEAF = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" width="210" height="297">
<rect width="210" height="297" fill="#fff"/><rect x="70" width="70" height="297" fill="#000"/>
<rect x="140" width="70" height="297" fill="{SOFT}"/></svg>""".encode()
PIXELS = """async ([png, shares]) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const drawn = canvas.getContext("2d");
  drawn.drawImage(image, 0, 0);
  const at = (share) => drawn.getImageData(image.width * share, image.height / 2, 1, 1).data;
  const hex = (each) => each.toString(16).padStart(2, "0");
  return shares.map((share) => "#" + [...at(share)].slice(0, 3).map(hex).join(""));
}"""


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def opened(glass: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with standing() as stand, closing(glass.new_context(**request.param)) as context:
        page = context.new_page()
        drawn = [f"data:image/svg+xml;base64,{b64encode(LEAF).decode()}"] * 2
        stand.page("/bedside/1/slip/", draw("bedside/leaves.html", paper="slip", leaves=drawn))
        page.goto(f"{stand.url}/bedside/1/slip/")
        yield page


def colours(page: Page) -> list[str]:
    """Of the ground of its first leaf, of ink, and of soft ink."""
    png = b64encode(page.locator(".leaf img").first.screenshot()).decode()
    with closing(page.context.new_page()) as empty:
        found: list[str] = empty.evaluate(PIXELS, [png, [1 / 6, 3 / 6, 5 / 6]])
    return found


def test_on_the_screen_of_a_room_a_paper_is_dim_and_can_be_read(opened: Page) -> None:
    ground, ink, soft = colours(opened)
    assert ground == tokens("dim")["sheet"]
    assert contrast(ink, ground) >= 4.5
    assert contrast(soft, ground) >= 4.5
    assert contrast(ink, "#000000") <= contrast(tokens("dim")["ink"], "#000000") * 1.1, "no brighter than words are"
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_printed_it_is_black_on_white_and_a_leaf_is_a_page(opened: Page) -> None:
    opened.emulate_media(media="print")
    assert colours(opened) == ["#ffffff", "#000000", SOFT]
    assert opened.get_by_role("button", name="Print").count() == 0
    pages = PdfReader(io.BytesIO(opened.pdf(prefer_css_page_size=True))).pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [A4_PT] * 2


def test_there_are_as_many_leaves_as_the_pdf_has_pages() -> None:
    made = slip(seen(cleared()), LETTERHEAD)
    drawn = leaves("slip", made)
    assert len(drawn) == len(PdfReader(io.BytesIO(pdf("slip", made))).pages)
    assert all(leaf.startswith(b"<svg") for leaf in drawn)
