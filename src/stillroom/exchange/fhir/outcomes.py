"""Check-ins and questionnaires as resources. A row that another replaced is there, as `entered-in-error`."""

from __future__ import annotations

from collections.abc import Iterator

from stillroom.core.outcomes import INSTRUMENTS
from stillroom.exchange.fhir.codes import PANELS, TOTALS, category, loinc, ours, quantity
from stillroom.exchange.fhir.resources import Resource, author, derived, moment, reference, resource
from stillroom.exchange.record import CheckInSaid, QuestionnaireSaid, Record


def outcome_resources(record: Record) -> Iterator[Resource]:
    replaced = {row.replaces_id for rows in (record.check_ins, record.questionnaires) for row in rows}
    for check_in in record.check_ins:
        yield from _check_in(record, check_in, is_replaced=check_in.id in replaced)
    for said in record.questionnaires:
        yield from _questionnaire(record, said, is_replaced=said.id in replaced)


def _check_in(record: Record, said: CheckInSaid, *, is_replaced: bool) -> Iterator[Resource]:
    status = "entered-in-error" if is_replaced else "amended" if said.replaces_id else "final"
    answers: list[tuple[str, str, Resource]] = []
    if said.low is not None:
        answers.append(("low", "How low, 0 to 10, asked once a day", {"valueInteger": said.low}))
    if said.sleep_h is not None:
        answers.append(("sleep", "Hours slept; 10 is ten or more", {"valueQuantity": quantity(said.sleep_h, "h")}))
    if said.words:
        answers.append(("words", "In the patient's own words", {"valueString": said.words}))
    for code, words, value in answers:
        yield _survey(record, derived(code, said.id), said, status) | {"code": ours(code, words)} | value


def _questionnaire(record: Record, said: QuestionnaireSaid, *, is_replaced: bool) -> Iterator[Resource]:
    instrument = INSTRUMENTS[said.instrument]
    if said.items:
        yield _response(record, said, is_replaced=is_replaced)
    if said.total is None:
        return
    status = "entered-in-error" if is_replaced else "amended" if said.replaces_id else "final"
    code = TOTALS.get(said.instrument)
    total = _survey(record, derived("total", said.id), said, status) | {
        "code": loinc(*code) if code else ours(said.instrument, f"{instrument.name}, total"),
        "valueInteger": said.total,
        "interpretation": [{"text": said.band}] if said.band else None,
        "derivedFrom": [reference("QuestionnaireResponse", said.id)] if said.items else None,
    }
    yield {name: value for name, value in total.items() if value is not None}


def _response(record: Record, said: QuestionnaireSaid, *, is_replaced: bool) -> Resource:
    """Answers by their place on the form; one that was left out has no answer."""
    items = [
        {"linkId": str(place), **({"answer": [{"valueInteger": answer}]} if answer is not None else {})}
        for place, answer in enumerate(said.items, start=1)
    ]
    return resource(
        "QuestionnaireResponse",
        said.id,
        questionnaire=PANELS.get(said.instrument),
        status="entered-in-error" if is_replaced else "amended" if said.replaces_id else "completed",
        subject=reference("Patient", record.patient.id),
        authored=moment(said.written_at),
        item=items,
    )


def _survey(record: Record, id_: str, said: CheckInSaid | QuestionnaireSaid, status: str) -> Resource:
    performer = author(record, said.by)
    return resource(
        "Observation",
        id_,
        status=status,
        category=category("survey"),
        subject=reference("Patient", record.patient.id),
        effectiveDateTime=said.day.isoformat(),
        issued=moment(said.written_at),
        performer=[performer] if performer else None,
    )
