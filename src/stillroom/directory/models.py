"""The directory behind its public document: who applied, what each clinic says, and what was made of it by whom.

All of it belongs to the clinic that keeps the directory, whose editors see it. The public reads `Publication` only.
What is said and what is judged is only ever added to; where a clinic stands follows from the newest of each.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.history import keep_history
from stillroom.clinics.models import Clinic, Person
from stillroom.directory.document import Evidence

RULES = models.PROTECT


def new_id() -> models.UUIDField[uuid.UUID, uuid.UUID]:
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


@keep_history()
class Listing(models.Model):
    """A clinic in the directory: what it is called and where. Whether it is shown is not said here; it follows."""

    id = new_id()
    clinic = models.ForeignKey(Clinic, on_delete=RULES, related_name="+")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=80)
    country = models.CharField(max_length=80)
    north = models.DecimalField(max_digits=7, decimal_places=4)
    east = models.DecimalField(max_digits=7, decimal_places=4)
    phone = models.CharField(max_length=40, blank=True)
    website = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField()
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="listing_clinic_and_id"),
            models.UniqueConstraint(fields=["clinic", "slug"], name="listing_slug_once_per_directory"),
            models.CheckConstraint(
                condition=Q(north__range=(-90, 90), east__range=(-180, 180)), name="listing_on_earth"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.town}"


@keep_history(without=["key_digest"])
class Application(models.Model):
    """What a clinic handed in by form. It counts once the link that was mailed was opened, and somebody looked at it.

    `typed` holds the form's fields as they were written, so that an editor sees exactly that.
    """

    id = new_id()
    clinic = models.ForeignKey(Clinic, on_delete=RULES, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=RULES, null=True, blank=True, related_name="applications")
    contact_email = models.EmailField()
    typed = models.JSONField()
    typed_digest = models.CharField(max_length=64)
    key_digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=RULES, null=True, blank=True, related_name="+")
    refused_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="application_clinic_and_id"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False, confirmed_at__isnull=False),
                name="application_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.typed.get("name", "")) if isinstance(self.typed, dict) else ""


class Said(models.Model):
    """One statement of one clinic about one criterion, on a day. Never changed: a newer one takes its place."""

    id = new_id()
    clinic = models.ForeignKey(Clinic, on_delete=RULES, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=RULES, related_name="said")
    application = models.ForeignKey(Application, on_delete=RULES, related_name="said")
    criteria_version = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=40)
    answer = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)
    stated_on = models.DateField()
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="said_clinic_and_id"),
            models.UniqueConstraint(fields=["application", "criterion"], name="said_once_per_application"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.answer}"


class Judgement(models.Model):
    """What an editor made of one statement: seen to be so, let stand as the clinic's word, or refused with a reason.

    The newest one counts. The reason is kept and never published.
    """

    class Verdict(models.TextChoices):
        SEEN = "seen", "seen to be so"
        STATED = "stated", "let stand as the clinic’s word"
        REFUSED = "refused", "refused"

    id = new_id()
    clinic = models.ForeignKey(Clinic, on_delete=RULES, related_name="+")
    said = models.ForeignKey(Said, on_delete=RULES, related_name="judgements")
    verdict = models.CharField(max_length=8, choices=Verdict)
    evidence = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Evidence])
    reason = models.CharField(max_length=500, blank=True)
    judged_on = models.DateField()
    expires_on = models.DateField()
    judged_by = models.ForeignKey(Person, on_delete=RULES, related_name="+")
    judged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["judged_at"]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["seen", "stated", "refused"]), name="verdict_is_known"),
            models.CheckConstraint(
                condition=~Q(verdict="refused") | ~Q(reason=""), name="judgement_refused_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="seen") | ~Q(evidence="word"), name="judgement_seen_in_something"
            ),
            models.CheckConstraint(condition=Q(expires_on__gte=F("judged_on")), name="judgement_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.said_id} {self.verdict}"


@keep_history()
class Removal(models.Model):
    """A clinic, or one statement of it, is taken out by two editors: one proposes with a reason, another one agrees.

    There is no other way out of the directory than this, the clinic's own word, and a day that has passed: a statement
    that was once let stand cannot be refused by one editor (a trigger of migration 0002 says so).
    """

    id = new_id()
    clinic = models.ForeignKey(Clinic, on_delete=RULES, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=RULES, related_name="removals")
    said = models.ForeignKey(Said, on_delete=RULES, null=True, blank=True, related_name="removals")
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(Person, on_delete=RULES, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(Person, on_delete=RULES, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing"],
                condition=Q(dropped_at__isnull=True, said__isnull=True),
                name="removal_of_clinic_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["said"], condition=Q(dropped_at__isnull=True), name="removal_of_statement_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(agreed_by=F("proposed_by")), name="removal_by_two_editors"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False, dropped_at__isnull=True),
                name="removal_agreed_or_dropped",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="removal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason


@keep_history()
class RecordsKey(models.Model):
    """The public key with which a clinic signs what its own records say, as an editor was given it."""

    id = new_id()
    clinic = models.ForeignKey(Clinic, on_delete=RULES, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=RULES, related_name="keys")
    public_key = models.CharField(max_length=44)
    registered_by = models.ForeignKey(Person, on_delete=RULES, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["registered_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="records_key_clinic_and_id"),
            models.UniqueConstraint(
                fields=["listing"], condition=Q(ended_at__isnull=True), name="records_key_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.public_key


class FromRecords(models.Model):
    """A signed statement out of a clinic's own records, verified when it came: the exact text, with its key."""

    id = new_id()
    clinic = models.ForeignKey(Clinic, on_delete=RULES, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=RULES, related_name="from_records")
    key = models.ForeignKey(RecordsKey, on_delete=RULES, related_name="+")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    received_by = models.ForeignKey(Person, on_delete=RULES, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(fields=["listing", "digest"], name="from_records_once")]

    def __str__(self) -> str:
        return self.digest[:12]


class Publication(models.Model):
    """The public document (`directory.document`), rewritten with every act that changes it. What the world may read.

    `is_mirror`: it is another install's, as it was last brought here.
    """

    id = new_id()
    clinic = models.ForeignKey(Clinic, on_delete=RULES, related_name="+")
    is_mirror = models.BooleanField(default=False)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "is_mirror"], name="publication_one_of_each")]

    def __str__(self) -> str:
        return self.digest[:12]
