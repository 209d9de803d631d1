"""Bringing in the patients of an old system: the file, how it is read, every row as understood, what became of it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import Actor, actor_of
from stillroom.clinics.models import Role
from stillroom.office.import_forms import Meanings, TableFile, Written
from stillroom.patients.access import note_looks, records_for
from stillroom.patients.file_meaning import COLUMNS
from stillroom.patients.file_rows import NotRead, likeliest_separator, text_of
from stillroom.patients.importing import Judged, judged, keep_file, offered, refused_rows, rows_in, take_in
from stillroom.patients.models import ImportedFile
from stillroom.web.posted import posted

IMPORTS = (Role.FRONT_DESK, Role.ADMINISTRATOR)
SAMPLES = 3
BECAME = {"refused": "not understood", "left": "left out: it may be somebody who is here"}


@require_http_methods(["GET", "POST"])
@allow(*IMPORTS)
def imports(request: HttpRequest) -> HttpResponse:
    """Every file that was brought, and bringing another. The very same file leads to what became of it."""
    form, code = TableFile(posted(request), request.FILES or None), ""
    if form.is_valid():
        table = form.cleaned_data["table"]
        try:
            file, is_new = keep_file(actor_of(request), name=table.name, content=table.read())
        except NotRead as refused:
            code = refused.code
        else:
            if not is_new:
                messages.info(request, f"This very file is here already, brought by {file.brought_by}.")
            return redirect("office:import_rows" if file.done_at else "office:import_read", file.pk)
    page = {"form": form, "code": code, "files": ImportedFile.objects.select_related("brought_by").defer("content")}
    return render(request, "office/imports.html", page, status=422 if code or form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(*IMPORTS)
def import_read(request: HttpRequest, imported_id: UUID) -> HttpResponse:
    """How the file is written, then what its columns are: both shown with the file's own first rows."""
    file = get_object_or_404(ImportedFile, pk=imported_id)
    if file.done_at:
        return redirect("office:import_rows", file.pk)
    if request.method == "POST" and "encoding" in request.POST:
        return _written(request, file)
    if not file.separator:
        return _ask_how_written(request, file, Written(initial=_likeliest(file)))
    return _meanings(request, file)


@require_http_methods(["GET", "POST"])
@allow(*IMPORTS)
def import_rows(request: HttpRequest, imported_id: UUID) -> HttpResponse:
    """Every row with what was understood of it and what is refused and why; then, once, taken in."""
    actor = actor_of(request)
    file = get_object_or_404(ImportedFile.objects.select_related("done_by"), pk=imported_id)
    if not file.columns:
        return redirect("office:import_read", file.pk)
    if request.method == "POST" and not file.done_at:
        others = [int(line) for line in request.POST.getlist("other") if line.isascii() and line.isdecimal()]
        if take_in(file, actor, others=others):
            messages.info(request, "Taken in. What became of each row stands here.")
        return redirect("office:import_rows", file.pk)
    return render(request, "office/import_done.html", _became(file)) if file.done_at else _preview(request, file, actor)


@require_safe
@allow(*IMPORTS)
def import_refused(request: HttpRequest, imported_id: UUID) -> HttpResponse:
    """The rows that made no record, as they came and with why, to be put right and brought again."""
    actor = actor_of(request)
    file = get_object_or_404(ImportedFile, pk=imported_id, done_at__isnull=False)
    lines = io.StringIO()
    table = csv.writer(lines, delimiter=file.separator)
    headings = rows_in(file)[0].cells
    table.writerow([*headings, "Row", "Why it was left"])
    for row, what, wrong in refused_rows(file, actor.the_clinic):
        columns = [COLUMNS.get(each.column, "The row") for each in wrong]
        why = "; ".join(f"{column}: not understood" for column in columns) or BECAME[what]
        table.writerow([*row.cells, row.line, why])
    answer = HttpResponse(lines.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rows-left.csv"'
    return answer


def _written(request: HttpRequest, file: ImportedFile) -> HttpResponse:
    form, code = Written(request.POST), ""
    if form.is_valid():
        file.encoding, file.separator = form.cleaned_data["encoding"], form.cleaned_data["separator"]
        try:
            if len(rows_in(file)) < 2:
                raise NotRead("no_rows")
        except NotRead as refused:
            code = refused.code
        else:
            file.columns = []
            file.save(update_fields=["encoding", "separator", "columns"])
            return redirect("office:import_read", file.pk)
    return _ask_how_written(request, file, form, code=code, status=422)


def _ask_how_written(
    request: HttpRequest, file: ImportedFile, form: Written, *, code: str = "", status: int = 200
) -> HttpResponse:
    page = {"file": file, "form": form, "code": code}
    return render(request, "office/import_written.html", page, status=status)


def _likeliest(file: ImportedFile) -> dict[str, str]:
    """What the file says of itself; without it, the letters are nobody's to guess."""
    shown = text_of(bytes(file.content), file.encoding) if file.encoding else bytes(file.content).decode("latin-1")
    return {"encoding": file.encoding, "separator": likeliest_separator(shown)}


def _meanings(request: HttpRequest, file: ImportedFile) -> HttpResponse:
    headings, *rows = rows_in(file)
    columns = file.columns or offered(headings.cells)
    initial = {f"column_{place}": column for place, column in enumerate(columns)}
    initial |= {"days": file.days, "letters": file.letters}
    form = Meanings(posted(request), headings=headings.cells, initial=initial)
    if form.is_valid():
        file.columns, file.days, file.letters = form.columns, form.cleaned_data["days"], form.cleaned_data["letters"]
        file.save(update_fields=["columns", "days", "letters"])
        return redirect("office:import_rows", file.pk)
    samples = [[row.cells[place] for row in rows[:SAMPLES] if place < len(row.cells)] for place in range(len(columns))]
    fields = [form[f"column_{place}"] for place in range(len(columns))]
    page = {"file": file, "form": form, "columns": list(zip(fields, samples, strict=True)), "in_all": len(rows)}
    written = {"encoding": file.encoding, "separator": file.separator}
    page["again"] = Written(initial=written, auto_id="again_%s")
    return render(request, "office/import_meanings.html", page, status=422 if form.errors else 200)


def _preview(request: HttpRequest, file: ImportedFile, actor: Actor) -> HttpResponse:
    rows = judged(file, actor.the_clinic)
    note_looks(actor, records_for(actor).filter(pk__in=_shown(rows)))
    counted = Counter(row.what for row in rows)
    return render(
        request, "office/import_rows.html", {"file": file, "rows": rows, "names": COLUMNS, "counted": counted}
    )


def _shown(rows: list[Judged]) -> set[UUID]:
    """Whose records the page names."""
    return {each.pk for row in rows for each in (*row.alike, *([row.patient] if row.patient else []))}


def _became(file: ImportedFile) -> dict[str, object]:
    rows = list(file.rows.select_related("patient"))
    return {"file": file, "rows": rows, "counted": Counter(row.what for row in rows)}
