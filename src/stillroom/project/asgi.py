"""The web application: static files first, everything else to Django."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stillroom.project.settings")

import django
from django.contrib.staticfiles.finders import get_finders
from django.core.asgi import get_asgi_application
from servestatic import ServeStaticASGI

django.setup()  # what follows knows rooms with models

from stillroom.bedside.signs import note_signs_of_life  # noqa: E402
from stillroom.project.bodies import limit_bodies  # noqa: E402
from stillroom.project.running import let_threads_take_turns, look_seldom_for_garbage  # noqa: E402


def _with_static_files() -> ServeStaticASGI:
    """Files are asked for again each time (a 304 when unchanged), so that a screen never runs last month's script."""
    application = ServeStaticASGI(note_signs_of_life(limit_bodies(get_asgi_application())), max_age=0)
    for finder in get_finders():
        for storage in getattr(finder, "storages", {}).values():
            application.add_files(storage.location, prefix="static/")
    return application


application = _with_static_files()
look_seldom_for_garbage()
let_threads_take_turns()
