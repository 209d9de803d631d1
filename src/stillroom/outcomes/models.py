"""What the weeks were like, as patients and clinics wrote it down: check-ins, questionnaires, wishes, and who looks.

Rows are only ever added. A correction is a new row that names the one it replaces, which stays; of a choice (wishes,
reminders) the newest row counts. A day without a check-in has no row: missing is never nought, and nought is a row.
Patients add and read their own rows from the journal, through policies that name them (`clinics.rows`).
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.history import keep_history
from stillroom.clinics.models import Clinic, Person
from stillroom.core.outcomes import INSTRUMENTS
from stillroom.patients.models import Patient


class OfPatient(models.Model):
    """A row about one patient, and who wrote it: "person:<uuid>", as the log names authors."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="%(class)s_rows")
    by = models.CharField(max_length=60)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Replaceable(OfPatient):
    """A row about a day that a later row may replace: one chain for each, as each is replaced once at most."""

    day = models.DateField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        abstract = True


class CheckIn(Replaceable):
    """One day in the patient's own words and figures: how low, 0 (not at all) to 10; hours slept; words if they like.

    `low` and `sleep_h` are None where that question was left out. `sleep_h` of 10 means ten or more.
    """

    low = models.PositiveSmallIntegerField(null=True, blank=True)
    sleep_h = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True, max_length=2000)
    wants_call = models.BooleanField(default=False)

    class Meta:
        ordering = ["day", "written_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="check_in_clinic_and_id"),
            models.UniqueConstraint(
                fields=["patient", "day"], condition=Q(replaces__isnull=True), name="check_in_begins_once_a_day"
            ),
            models.CheckConstraint(condition=Q(low__isnull=True) | Q(low__lte=10), name="check_in_low_is_0_to_10"),
            models.CheckConstraint(condition=Q(sleep_h__isnull=True) | Q(sleep_h__lte=10), name="check_in_sleep_to_10"),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="check_in_replaces_another"),
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(sleep_h__isnull=False) | ~Q(words="") | Q(wants_call=True),
                name="check_in_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.low} of 10"

    @property
    def by_staff(self) -> bool:
        """Somebody of the clinic wrote it, from the patient's paper: a person, and not the patient."""
        return self.by.startswith("person:") and self.by != f"person:{self.patient.person_id}"


class Questionnaire(Replaceable):
    """One filled-in form of an instrument, or a total read off one. `day` is the day it speaks of.

    `items` are the answers in the order of the form, None where one was left out, and empty for a total alone. A
    partial form has no total. `band` is what the total was called under `version` when it was written, and stays so.
    """

    class Source(models.TextChoices):
        PATIENT = "patient", "filled in here by the patient"
        PAPER = "paper", "copied from paper by staff"
        RATED = "rated", "rated by a clinician"

    instrument = models.CharField(max_length=12, choices=[(code, each.name) for code, each in INSTRUMENTS.items()])
    version = models.CharField(max_length=60)
    language = models.CharField(max_length=12, default="en")
    source = models.CharField(max_length=8, choices=Source)
    items = ArrayField(models.PositiveSmallIntegerField(null=True), default=list, blank=True)
    total = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["day", "written_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="questionnaire_clinic_and_id"),
            models.UniqueConstraint(
                fields=["patient", "instrument", "day"],
                condition=Q(replaces__isnull=True),
                name="questionnaire_begins_once_a_day",
            ),
            models.CheckConstraint(condition=Q(instrument__in=list(INSTRUMENTS)), name="questionnaire_is_known"),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="questionnaire_replaces_another"),
            models.CheckConstraint(
                condition=Q(total__isnull=False) | Q(items__len__gt=0), name="questionnaire_has_answers_or_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_instrument_display()} {self.total} on {self.day}"


class Wording(models.Model):
    """The words of one instrument in this clinic, as a FHIR Questionnaire file has them: the newest counts.

    `questions` is a list of the words of each question and its answers with their points. `digest` is the file's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=12, choices=[(code, each.name) for code, each in INSTRUMENTS.items()])
    questions = models.JSONField()
    notice = models.TextField(blank=True, max_length=4000)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-imported_at"]

    def __str__(self) -> str:
        return f"{self.get_instrument_display()}, {self.imported_at:%Y-%m-%d}"


class Concern(OfPatient):
    """An answer that somebody of the clinic must look at, written in the same transaction as the answer itself."""

    class Reason(models.TextChoices):
        HARM = "harm", "thoughts of death or self-harm"
        VERY_LOW = "very_low", "a very low day"
        WANTS_CALL = "wants_call", "asks to be called"

    reason = models.CharField(max_length=12, choices=Reason)
    check_in = models.ForeignKey(CheckIn, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns")
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns"
    )

    class Meta:
        ordering = ["written_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="concern_clinic_and_id"),
            models.CheckConstraint(
                condition=Q(check_in__isnull=True) ^ Q(questionnaire__isnull=True), name="concern_comes_from_one_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient}: {self.get_reason_display()}"


class Decision(models.Model):
    """What a named member of staff did about a concern. Trying and reaching nobody leaves it on the list."""

    class What(models.TextChoices):
        NO_ANSWER = "no_answer", "Tried, and reached nobody"
        SAFE = "safe", "Spoke: safe, as things stand"
        PLAN = "plan", "Spoke: made or changed the safety plan"
        EMERGENCY = "emergency", "Called emergency help"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=12, choices=What)
    words = models.TextField(blank=True, max_length=2000)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["decided_at"]

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.decided_by}"


@keep_history()
class Reach(models.Model):
    """Who reads check-ins and when, and whom to call now: what the clinic says of itself to its patients.

    `very_low_from` is the answer to "how low" from which a check-in goes to the list, and `silent_after_days` how long
    without one counts as silence. `least_baseline` is the lowest first score of which a response is spoken.
    """

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, primary_key=True, related_name="reach")
    read_by = models.CharField(max_length=120)
    read_when = models.CharField(max_length=120)
    call_now = models.CharField(max_length=40)
    call_now_is = models.CharField(max_length=120, blank=True)
    call_clinic = models.CharField(max_length=40, blank=True)
    very_low_from = models.PositiveSmallIntegerField(default=9)
    silent_after_days = models.PositiveSmallIntegerField(default=7)
    least_baseline = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(very_low_from__range=(1, 10)), name="reach_very_low_is_1_to_10"),
            models.CheckConstraint(condition=Q(silent_after_days__gte=2), name="reach_silence_takes_days"),
        ]

    def __str__(self) -> str:
        return f"{self.read_by}, {self.read_when}"


class ReminderChoice(OfPatient):
    """Whether and when a patient wants to be reminded. The newest counts; no choice at all is no reminder."""

    is_wanted = models.BooleanField()
    at_hour = models.PositiveSmallIntegerField(default=18)
    not_before = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-written_at"]
        constraints = [models.CheckConstraint(condition=Q(at_hour__lte=23), name="reminder_hour_is_of_a_day")]

    def __str__(self) -> str:
        return f"at {self.at_hour}:00" if self.is_wanted else "none"


class ReminderSent(models.Model):
    """That a reminder went out for a day: one row a day, so that no second process sends it again."""

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reminders_sent")
    day = models.DateField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "day"], name="reminder_sent_once_a_day")]

    def __str__(self) -> str:
        return f"{self.patient}, {self.day}"


class Wishes(OfPatient):
    """What a patient wants in the room, brings along, and how they get home. The newest counts.

    Each is empty where nothing was said, which is not the same as "none". Of two pages that were open at once, what was
    written on the later is kept `set_aside`, beside what stands.
    """

    class WayHome(models.TextChoices):
        UNKNOWN = "", "I don't know yet"
        WITH_ADULT = "with_adult", "with an adult who signs for me"
        WHEN_CLEAR = "when_clear", "by myself, once the clinic finds me clear"

    music = models.CharField(max_length=200, blank=True)
    with_me = models.CharField(max_length=200, blank=True)
    lights = models.CharField(max_length=200, blank=True)
    warmth = models.CharField(max_length=200, blank=True)
    talk = models.CharField(max_length=200, blank=True)
    intention = models.TextField(max_length=1000, blank=True)
    to_bring = models.TextField(max_length=1000, blank=True)
    way_home = models.CharField(max_length=12, choices=WayHome, blank=True, default=WayHome.UNKNOWN)
    way_home_words = models.CharField(max_length=200, blank=True)
    set_aside = models.BooleanField(default=False)

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return f"{self.patient}, {self.written_at:%Y-%m-%d}"


class Note(OfPatient):
    """What a patient writes down for themselves. No policy opens this table to a clinic: no page of staff reads it."""

    day = models.DateField()
    words = models.TextField(max_length=4000)

    class Meta:
        ordering = ["-day", "-written_at"]

    def __str__(self) -> str:
        return f"{self.day}"
