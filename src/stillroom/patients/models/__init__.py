"""What the clinic keeps of its patients, by topic: their records, two records made one, lists brought in."""

from stillroom.patients.models.imports import ImportedFile, ImportedRow
from stillroom.patients.models.merges import MovedRow, RecordMerge
from stillroom.patients.models.records import (
    AllergyStatement,
    Answer,
    Consent,
    ConsentText,
    HistoryAnswer,
    HistoryItem,
    Look,
    Patient,
    Weight,
)

__all__ = [
    "AllergyStatement",
    "Answer",
    "Consent",
    "ConsentText",
    "HistoryAnswer",
    "HistoryItem",
    "ImportedFile",
    "ImportedRow",
    "Look",
    "MovedRow",
    "Patient",
    "RecordMerge",
    "Weight",
]
