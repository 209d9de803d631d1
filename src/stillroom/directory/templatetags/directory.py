"""What the directory's public pages ask: where another of them is, and this one in other languages."""

from __future__ import annotations

from django import template
from django.template import Context

from stillroom.directory import languages
from stillroom.web.public import lasting_address

register = template.Library()


@register.simple_tag
def address(name: str, *args: str) -> str:
    return languages.address(name, *args)


@register.simple_tag(takes_context=True)
def in_other_languages(context: Context) -> list[tuple[str, str]]:
    request = context["request"]
    return [(code, lasting_address(request, path)) for code, path in languages.elsewhere(request.resolver_match)]
