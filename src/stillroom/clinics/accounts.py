"""Who may have an account, how guessing a password is slowed down, and what happens where no letter can be sent."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

log = logging.getLogger(__name__)


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up: people are invited by their clinic, and choose a password by the link they are sent."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A clinic may have no mail at all. What was done is done, whether or not a letter tells of it."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as fault:
            log.warning("a letter about an account was not sent (%s): %s", template_prefix, fault)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong tries count for a person *and* where they come from: nobody elsewhere can lock that person out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"
