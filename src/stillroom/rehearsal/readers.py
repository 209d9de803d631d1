"""What invented readers wrote about the guide, so that the editor of the demo has something to answer."""

from __future__ import annotations

from uuid import UUID

from stillroom.guide.critique.taking_in import take_in
from stillroom.guide.packaged import packaged_pages
from stillroom.guide.shelf import Shown

LETTERS = (
    (
        "music",
        "Ida (invented)",
        "ida@example.org",
        "Could you say something about earplugs? I would rather hear nothing.",
    ),
    ("home", "A brother (invented)", "", "I fetch my sister each time. What should I watch for that evening?"),
    ("hour", "Tove (invented)", "", "The part about fright helped me. It lasted a minute, as you say. Thank you."),
)


def let_readers_write(clinic_id: UUID) -> None:
    pages = {page.slug: page for page in packaged_pages() if page.language == "en"}
    for slug, name, email, comments in LETTERS:
        said = {"name": name, "username": "", "email": email, "comments": comments}
        take_in(clinic_id, Shown(pages[slug]), said)
