"""Links for people without an account, what patients wrote by theirs, what a clinician made of it, consultations.

Answers are only ever added: of each question the newest one counts, and one that was reviewed stays as it was.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.history import keep_history
from stillroom.clinics.models import Clinic, Person
from stillroom.outcomes.models import Concern
from stillroom.patients.models import Answer, Patient


@keep_history(without=["token_digest"])
class Link(models.Model):
    """A link by which somebody without an account hands something in, until it ends or is revoked.

    A patient writes their own part by theirs; somebody else sends records by it, `for_whom` of them. Here is only the
    digest of its secret.
    """

    class Kind(models.TextChoices):
        OWN_PART = "own_part", "a patient's own part"
        RECORDS = "records", "records from elsewhere"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intake_links", null=True, blank=True)
    for_whom = models.CharField(max_length=120, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="intake_link_clinic_and_id"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="intake_link_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(kind="own_part", patient__isnull=False) | Q(kind="records"),
                name="intake_link_of_a_patients_own_part_has_one",
            ),
        ]

    def __str__(self) -> str:
        return f"for {self.patient or self.for_whom}"

    @property
    def the_patient(self) -> Patient:
        """Whose own part it is for."""
        if self.patient is None:
            raise ValueError("this link is for records of somebody who has none here yet")
        return self.patient

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at


class OwnAnswer(models.Model):
    """What a patient answered to one question: `said` of four things, and words where they wrote some.

    A question that only asks for words is answered "yes" by having any. "Not asked" takes an answer back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="own_answers")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=40)
    said = models.CharField(max_length=10, choices=Answer)
    words = models.TextField(blank=True, max_length=2000)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["question", "-written_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="own_answer_clinic_and_id")]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_said_display()}"


class AnswerReview(models.Model):
    """A clinician read one answer, and took it into the record or left it out of it."""

    class What(models.TextChoices):
        TAKEN = "taken", "taken into the record"
        LEFT = "left", "read, and left out of the record"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    answer = models.OneToOneField(OwnAnswer, on_delete=models.PROTECT, related_name="review")
    what = models.CharField(max_length=8, choices=What)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.reviewed_by}"


class Consultation(models.Model):
    """One visit before treatment: what was reviewed, found and decided. Its words are `ConsultationText` rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consultations")
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="consultation_clinic_and_id")]

    def __str__(self) -> str:
        return f"{self.patient}, {self.begun_at:%Y-%m-%d}"


class ConsultationText(models.Model):
    """What a consultation said after somebody wrote. Rows are only added, and each is replaced once at most.

    Of two who wrote at once, the second's words are kept `set_aside`, beside those that stand, until they are brought
    together by hand.
    """

    class Decision(models.TextChoices):
        OPEN = "open", "Not decided yet"
        TREAT = "treat", "Treat with ketamine infusions"
        NOT_NOW = "not_now", "Not now"
        NOT_HERE = "not_here", "Not with ketamine"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="texts")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    set_aside = models.BooleanField(default=False)
    review = models.TextField(blank=True, max_length=8000)
    examination = models.TextField(blank=True, max_length=8000)
    assessment = models.TextField(blank=True, max_length=8000)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    because = models.TextField(blank=True, max_length=2000)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="consultation_text_clinic_and_id"),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(replaces__isnull=True, set_aside=False),
                name="consultation_begins_once",
            ),
            models.CheckConstraint(
                condition=Q(set_aside=False) | Q(replaces__isnull=True), name="set_aside_replaces_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}, {self.written_by}"


class ConsultationSigned(models.Model):
    """A prescriber signed a consultation as it then stood. It is frozen from here on; more is another consultation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    consultation = models.OneToOneField(Consultation, on_delete=models.PROTECT, related_name="signed")
    text = models.OneToOneField(ConsultationText, on_delete=models.PROTECT, related_name="signed")
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.signed_by}, {self.signed_at:%Y-%m-%d}"


class RiskForm(models.Model):
    """What was asked about suicide because an answer worried, by whom. The decision is a row beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="risk_forms")
    thoughts = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    plan = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    means = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    intent = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    attempt = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    keeps_safe = models.TextField(blank=True, max_length=2000)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.concern}, asked by {self.asked_by}"


class Sent(models.Model):
    """Records that somebody sent by a link: who says they sent them, about whom, and what they wrote with them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    link = models.OneToOneField(Link, on_delete=models.PROTECT, related_name="sent")
    sender = models.CharField(max_length=120)
    reached_at = models.CharField(max_length=120, blank=True)
    about_name = models.CharField(max_length=160)
    about_born = models.DateField()
    words = models.TextField(blank=True, max_length=8000)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="sent_clinic_and_id")]

    def __str__(self) -> str:
        return f"{self.sender}, {self.sent_at:%Y-%m-%d}"


class SentFile(models.Model):
    """One file, byte for byte as it came. `kind` is what its content is; `left` lists what of it is not understood."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    sent = models.ForeignKey(Sent, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10)
    is_as_named = models.BooleanField()
    content = models.BinaryField()
    size_bytes = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    about = models.JSONField(default=list)
    left = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="sent_file_clinic_and_id")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_about_another(self) -> bool:
        """It names a birth date, and not the one that its sender wrote: nothing of it is offered."""
        born = {each["born"] for each in self.about} - {""}
        return bool(born) and born != {self.sent.about_born.isoformat()}


class SentItem(models.Model):
    """One thing that was understood of a file, in the words that were sent. Not in the record until it is taken in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(SentFile, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=12)
    words = models.TextField(max_length=2000)
    more = models.TextField(blank=True, max_length=2000)
    place = models.PositiveIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="sent_item_clinic_and_id")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"


class ItemReview(models.Model):
    """A clinician took one thing that was sent into a patient's record, or left it out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    item = models.OneToOneField(SentItem, on_delete=models.PROTECT, related_name="review")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="item_reviews")
    what = models.CharField(max_length=8, choices=AnswerReview.What)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.reviewed_by}"


class SentReview(models.Model):
    """A clinician read what was sent, and said whose it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    sent = models.OneToOneField(Sent, on_delete=models.PROTECT, related_name="review")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sent_reviews")
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.sent}, read by {self.reviewed_by}"


class PhoneCall(models.Model):
    """A call about a patient, with whoever referred or somebody else: with whom, on which day, what was said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="phone_calls")
    with_whom = models.CharField(max_length=120)
    day = models.DateField()
    words = models.TextField(max_length=4000)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day", "-noted_at"]

    def __str__(self) -> str:
        return f"{self.with_whom}, {self.day}"
