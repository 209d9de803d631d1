"""How forms look everywhere: set as FORM_RENDERER, so that a plain Django form needs no template of its own."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class StillroomRenderer(TemplatesSetting):
    """Forms and fields drawn by web/forms/*.html; needs `django.forms` among the installed apps."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"
