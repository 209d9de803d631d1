"""Who works where: people, clinics, rooms, staff and the devices at the bedside.

A `Person` spans clinics and signs in once. What a person may do in one clinic is said by `Staff` rows, from a day to a
day. A `Display` is a device on the premises that a person takes over with a PIN.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from stillroom.clinics.history import keep_history


class Role(models.TextChoices):
    """What a member of staff is trusted with in one clinic, those who may do most at the bedside first.

    A patient is not staff: see `patients.Patient.person`.
    """

    PRESCRIBER = "prescriber", "prescriber"
    NURSE_ANAESTHETIST = "nurse_anaesthetist", "nurse anaesthetist"
    NURSE = "nurse", "nurse"
    FRONT_DESK = "front_desk", "front desk"
    TECHNICIAN = "technician", "technician"
    LIBRARY_APPROVER = "library_approver", "library approver"
    ADMINISTRATOR = "administrator", "administrator"
    EDITOR = "editor", "editor"


class People(BaseUserManager["Person"]):
    """Makes people; an email address is kept in lower case, so that it names one person however it is typed."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who can sign in: staff of one clinic or several, a patient, or both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name_plural = "people"
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_is_lower_case")]

    def __str__(self) -> str:
        return self.display_name

    @staticmethod
    def no_password() -> str:
        """What stands for the password of somebody who has not chosen one yet: nothing matches it."""
        return make_password(None)


def refuse_unknown_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("%(name)s is not a time zone of the IANA database", params={"name": name})


@keep_history()
class Clinic(models.Model):
    """A place where infusions are given. Every clinical row belongs to exactly one.

    The two doors home are the clinic's choice: leaving with a named adult who signs, or staying until all effects are
    gone. A clinic opens one of them or both. `takeover_lasts_min` is how long a PIN opens a display after the last act,
    `weight_change_noted_percent` from which change on a weight needs a reason, `weight_good_for_days` how long one is
    good enough to order by, and `screening_good_for_days` how long what was asked against ketamine is. `called_after_h`
    after they left is a patient to be called; 0: nobody is.

    One that `rehearses` another holds its trial runs: a clinic of its own, so that nothing invented is beside what is
    real.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, validators=[refuse_unknown_time_zone])
    phone = models.CharField(max_length=40, blank=True)
    after_hours_phone = models.CharField(max_length=40, blank=True)
    opens_door_with_adult = models.BooleanField(default=True)
    opens_door_stay_until_clear = models.BooleanField(default=False)
    requires_second_factor = models.BooleanField(default=False)
    takeover_lasts_min = models.PositiveSmallIntegerField(default=15)
    weight_change_noted_percent = models.PositiveSmallIntegerField(default=10)
    weight_good_for_days = models.PositiveSmallIntegerField(default=7)
    screening_good_for_days = models.PositiveSmallIntegerField(default=90)
    called_after_h = models.PositiveSmallIntegerField(default=24)
    rehearses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="rehearsal")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_door_with_adult=True) | Q(opens_door_stay_until_clear=True),
                name="clinic_opens_a_door_home",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def today(self) -> date:
        """The day it is now where the clinic is."""
        return timezone.localdate(timezone=ZoneInfo(self.time_zone))


@keep_history()
class Room(models.Model):
    """Where an infusion is given. Private means that no other patient is in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    is_private = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "name"], name="room_name_once_per_clinic"),
            models.UniqueConstraint(fields=["clinic", "id"], name="room_clinic_and_id"),
        ]

    def __str__(self) -> str:
        return self.name


@keep_history(without=["pin_digest"])
class Staff(models.Model):
    """One role of one person in one clinic, from a day to a day. Several roles are several rows.

    `short_name` is what the bedside shows, such as "B. Osei". `pin_digest` lets its holder take over an enrolled
    display; it opens nothing elsewhere and signs nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="staff_rows")
    role = models.CharField(max_length=24, choices=Role)
    short_name = models.CharField(max_length=40)
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)
    pin_digest = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["short_name", "role"]
        verbose_name_plural = "staff"
        constraints = [
            models.UniqueConstraint(fields=["clinic", "person", "role"], name="staff_role_once_per_person"),
            models.UniqueConstraint(fields=["clinic", "id"], name="staff_clinic_and_id"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_role_is_known"),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="staff_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.short_name}, {self.get_role_display()}"

    def counts_on(self, day: date) -> bool:
        """Whether the role is in force on a day of the clinic's calendar; `until_date` is the last day that counts."""
        return self.from_date <= day and (self.until_date is None or day <= self.until_date)


@keep_history()
class SecondSigner(models.Model):
    """Who else may sign where two must: named by a clinic that has one doctor."""

    class Position(models.TextChoices):
        PHARMACIST = "pharmacist", "pharmacist"
        CHARGE_NURSE = "charge_nurse", "charge nurse"
        COLLEAGUE_OUTSIDE = "colleague_outside", "colleague outside"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="second_signer_rows")
    position = models.CharField(max_length=24, choices=Position)
    named_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "person"], condition=Q(ended_at__isnull=True), name="second_signer_named_once"
            ),
            models.CheckConstraint(condition=~Q(person=F("named_by")), name="second_signer_is_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_position_display()}"


@keep_history(without=["key_digest"])
class Display(models.Model):
    """A device on the premises that was enrolled: its key is on the device, only the key's digest is here.

    `side` is settled when it is enrolled: one that a patient can see or hear is dark, makes no sound, and counts as no
    screen of the staff's. To turn it round is to enrol it anew, so that no page of before stays open on it.
    """

    class Side(models.TextChoices):
        STAFF = "staff", "With the staff: it shows the rooms and can be heard"
        PATIENT = "patient", "With the patient: dark, silent, nothing clinical"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=60)
    side = models.CharField(max_length=10, choices=Side.choices, default=Side.STAFF)
    key_digest = models.CharField(max_length=64, unique=True)
    enrolled_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="display_clinic_and_id")]

    def __str__(self) -> str:
        return self.name


class Takeover(models.Model):
    """One attempt to take over a display with a PIN. Wrong ones are kept too: they are what slows a guesser down."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    display = models.ForeignKey(Display, on_delete=models.PROTECT)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT)
    tried_at = models.DateTimeField(default=timezone.now)
    was_right = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["display", "staff", "tried_at"], name="takeover_recent")]

    def __str__(self) -> str:
        return f"{self.staff} at {self.display}, {self.tried_at:%Y-%m-%d %H:%M:%S}"


@keep_history()
class EmergencyAccess(models.Model):
    """Somebody acts from a display in one infusion without having proved who they are, for a while and with a reason.

    `person` is whom of the staff they say they are, `name` what they wrote or are called. The log names each of their
    acts by this row (`emergency:<id>`). `told_at`: the clinic's administrators were written to.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    display = models.ForeignKey(Display, on_delete=models.PROTECT, related_name="+")
    infusion = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    opened_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        verbose_name_plural = "emergency accesses"
        indexes = [models.Index(fields=["display", "ends_at"], name="emergency_of_display")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name="") & ~models.Q(reason=""), name="emergency_says_who_why"),
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None, reviewed_at=None, review="")
                | models.Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~models.Q(review=""),
                name="emergency_review_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, emergency access"
