"""Who is treated, and what is known about them: per clinic, each statement with its author and time.

Unknown is not no. A question nobody asked, one the patient could not answer, a "no" and a "yes" are four things.
The only door to these rows for a view is `stillroom.patients.access`.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.history import keep_history
from stillroom.clinics.models import Clinic, Person


class Answer(models.TextChoices):
    NOT_ASKED = "not_asked", "not asked"
    UNKNOWN = "unknown", "asked, not known"
    NO = "no", "no"
    YES = "yes", "yes"


@keep_history()
class Patient(models.Model):
    """One person as a patient of one clinic. `person` is set once they can sign in to their own record."""

    class Sex(models.TextChoices):
        FEMALE = "female", "female"
        MALE = "male", "male"
        OTHER = "other", "other"
        UNKNOWN = "unknown", "unknown"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="patients")
    identifier = models.CharField(max_length=40)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField()
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    height_cm = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    motion_sickness = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    nausea_after_anaesthesia = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    smokes = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)

    class Meta:
        ordering = ["family_name", "given_name", "birth_date"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "identifier"], name="patient_identifier_once_per_clinic"),
            models.UniqueConstraint(fields=["clinic", "person"], name="patient_person_once_per_clinic"),
            models.UniqueConstraint(fields=["clinic", "id"], name="patient_clinic_and_id"),
            models.CheckConstraint(
                condition=Q(height_cm__isnull=True) | Q(height_cm__gt=0), name="patient_height_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Weight(models.Model):
    """A weight as it was measured, in kilograms: never converted in the record, never overwritten.

    `reason` is what was said when it was far from the one before. `told_by` says who wrote it where it was measured
    elsewhere; `measured_by` took it in then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="weights")
    weight_kg = models.DecimalField(max_digits=5, decimal_places=2)
    measured_at = models.DateTimeField(default=timezone.now)
    measured_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    told_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-measured_at"]
        constraints = [
            models.CheckConstraint(condition=Q(weight_kg__gt=0), name="weight_is_positive"),
            models.UniqueConstraint(fields=["clinic", "id"], name="weight_clinic_and_id"),
        ]

    def __str__(self) -> str:
        return f"{self.weight_kg} kg"


class AllergyStatement(models.Model):
    """What was said about allergies, by whom and when. The newest one counts.

    No statement at all means "not asked". An empty list of substances is the assertion "none known", and has an author.
    """

    LONGEST_SUBSTANCE = 120

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="allergy_statements")
    is_none_known = models.BooleanField()
    substances = ArrayField(models.CharField(max_length=LONGEST_SUBSTANCE), default=list, blank=True)
    stated_at = models.DateTimeField(default=timezone.now)
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-stated_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_none_known=True, substances__len=0) | Q(is_none_known=False, substances__len__gt=0),
                name="allergies_none_known_or_listed",
            ),
            models.UniqueConstraint(fields=["clinic", "id"], name="allergies_clinic_and_id"),
        ]

    def __str__(self) -> str:
        return "none known" if self.is_none_known else ", ".join(self.substances)


class HistoryAnswer(models.Model):
    """What was answered to one question of the history, by whom it was told, and who took it in. The newest counts.

    No answer at all means "not asked". `question` is a code: of `core.safety.screening`, or of what patients are asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="history_answers")
    question = models.CharField(max_length=40)
    said = models.CharField(max_length=10, choices=Answer)
    words = models.TextField(blank=True, max_length=2000)
    told_by = models.CharField(max_length=120)
    stated_at = models.DateTimeField(default=timezone.now)
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-stated_at"]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_said_display()}"


class HistoryItem(models.Model):
    """A condition, a medicine, something measured elsewhere, a document: in the words of whoever told, with a name.

    It ends with a name and a time; its words never change.
    """

    class Kind(models.TextChoices):
        CONDITION = "condition", "condition"
        MEDICINE = "medicine", "medicine"
        MEASURED = "measured", "measured elsewhere"
        DOCUMENT = "document", "document"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="history_items")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField(max_length=2000)
    told_by = models.CharField(max_length=120)
    stated_at = models.DateTimeField(default=timezone.now)
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["kind", "stated_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="history_item_says_something"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="history_item_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class ConsentTexts(models.QuerySet["ConsentText"]):
    def in_force(self, language: str) -> ConsentText | None:
        """The newest text of a language that somebody else than its author approved."""
        return self.filter(language=language, approved_at__isnull=False).order_by("-number").first()


class ConsentText(models.Model):
    """What patients sign, one version in one language: written by one person, approved by another, then frozen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, default="en")
    number = models.PositiveIntegerField()
    words = models.TextField(max_length=40_000)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentTexts.as_manager()

    class Meta:
        ordering = ["language", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "language", "number"], name="consent_text_number_once"),
            models.UniqueConstraint(fields=["clinic", "id"], name="consent_text_clinic_and_id"),
            models.CheckConstraint(condition=~Q(approved_by=F("written_by")), name="consent_author_is_not_approver"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="consent_text_approval_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}, {self.language}"


@keep_history()
class Consent(models.Model):
    """A consent the patient signed: which text, its version and language, when and how; and when it was taken back.

    `text` is None where a paper of the clinic's own was signed, which Stillroom never held. `witnessed_by` saw it
    signed, or noted the paper; None where the patient signed alone, by their link or in their journal. `by` and
    `withdrawn_by` are authors as histories name them. What was signed never changes; it is withdrawn once.
    """

    class How(models.TextChoices):
        ALONE = "alone", "on the patient's own page"
        TABLET = "tablet", "at the clinic, on a screen"
        PAPER = "paper", "on paper"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=40)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, null=True, blank=True, related_name="signed")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="en")
    how = models.CharField(max_length=8, choices=How, default=How.PAPER)
    signed_name = models.CharField(max_length=160, blank=True)
    signed_at = models.DateTimeField()
    witnessed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "kind", "language", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_stands_once_per_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}, version {self.version}"


class Look(models.Model):
    """Somebody of the clinic opened a patient's record, and on which page: `what` is the name of its address.

    Looking is no clinical act, so the log does not hold it. Rows are only ever added: the database refuses all else.
    """

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="looks")
    by = models.CharField(max_length=60)
    what = models.CharField(max_length=60, blank=True)
    looked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-looked_at"]
        indexes = [models.Index(fields=["patient", "looked_at"], name="look_at_patient")]

    def __str__(self) -> str:
        return f"{self.by}, {self.looked_at:%Y-%m-%d %H:%M:%S}"
