"""An answer by mail to a reader who left an address. What could not be sent is not recorded as sent."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from stillroom.guide.critique.plain import plain_line
from stillroom.guide.models import Critique, CritiqueWriter

log = logging.getLogger("stillroom.guide")


def send_answer(critique: Critique, writer: CritiqueWriter, words: str) -> bool:
    """In the language of the page. Nothing that a reader typed stands in a header, save the address."""
    with translation.override(critique.language):
        subject = gettext("Your words about the page “%s”") % plain_line(critique.page_title)
        body = render_to_string("guide/answer.txt", {"words": words, "critique": critique, "writer": writer})
    try:
        return EmailMessage(subject, body, None, [writer.email]).send() == 1
    except (SMTPException, OSError, ValueError) as error:
        log.warning("an answer to a reader could not be sent: %s", type(error).__name__)
        return False
