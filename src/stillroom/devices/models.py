"""Which monitors are on the premises, in which room each stands, what they sent, and how their links are.

A `Sample` belongs to the monitor that measured it, never to an infusion: an `Assignment` says in which room that
monitor stood, from when to when. One that was wrong is corrected there, and every reading is where it belongs.
"""

from __future__ import annotations

import re
import uuid
import zlib
from ipaddress import ip_network

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.history import keep_history
from stillroom.clinics.models import Clinic, Person, Room, refuse_unknown_time_zone
from stillroom.core.drip.pump import PumpDid, PumpEvent
from stillroom.core.vitals import MonitorAlarm, Signal, Silenced, Standing, Urgency, Validity
from stillroom.core.vitals import Sample as Reading
from stillroom.devices.drivers import LISTENED_FOR
from stillroom.infusions.models import Infusion

KINDS = {"technical": True, "of_the_patient": False, "": None}
"""How it is kept whether an alarm is of the equipment or of the patient; nothing where the monitor did not say."""


def refuse_no_network(text: str) -> None:
    try:
        ip_network(text)
    except ValueError:
        raise ValidationError("%(text)s is not an address, nor a range of them", params={"text": text}) from None


def refuse_no_fingerprint(text: str) -> None:
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ValidationError("A SHA-256 fingerprint has 64 digits, 0 to 9 and a to f.")


@keep_history()
class Monitor(models.Model):
    """A bedside monitor, or one bed of a gateway that sends for many.

    A message is its own if it comes from one of `peers` and says `sending_application` (MSH-3) and `bed` (PV1-3);
    where those are blank, whatever it says. Where `certificate` is filled, only by a line that showed that one.
    `driver` is the folder that knows what it speaks. One that we call has an `address`, and nothing else is its own.
    One that `is_beside` stands in a room together with the room's monitor, as a second source of the signs it measures;
    for the signs in `goes_first_for` it goes before that one. `pulse_first`: by which sensor the pulse counts first in
    its room. `time_zone` is where its clock is read, when its times do not say.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    driver = models.CharField(max_length=20, default=LISTENED_FOR)
    address = models.CharField(max_length=200, blank=True)
    peers = ArrayField(models.CharField(max_length=43, validators=[refuse_no_network]), blank=True, default=list)
    sending_application = models.CharField(max_length=227, blank=True)
    bed = models.CharField(max_length=200, blank=True)
    certificate = models.CharField(max_length=64, blank=True, validators=[refuse_no_fingerprint])
    time_zone = models.CharField(max_length=64, blank=True, validators=[refuse_unknown_time_zone])
    interval_s = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1), MaxValueValidator(3600)])
    cuff_interval_s = models.PositiveSmallIntegerField(
        default=600, validators=[MinValueValidator(30), MaxValueValidator(14_400)]
    )
    pulse_first = models.CharField(
        max_length=20,
        default=Signal.PULSE_PER_MIN.value,
        choices=[(signal.value, signal.value) for signal in (Signal.PULSE_PER_MIN, Signal.HEART_RATE_PER_MIN)],
    )
    is_enrolled = models.BooleanField(default=True)
    is_beside = models.BooleanField(default=False)
    goes_first_for = ArrayField(
        models.CharField(max_length=20, choices=[(signal.value, signal.value) for signal in Signal]),
        blank=True,
        default=list,
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "name"], name="monitor_name_once_per_clinic"),
            models.UniqueConstraint(fields=["clinic", "id"], name="monitor_clinic_and_id"),
            # Whether we call it or it calls us: one that did both would have two streams of the same signs.
            models.CheckConstraint(condition=Q(address="") ^ Q(peers__len=0), name="monitor_calls_or_is_called"),
            models.CheckConstraint(condition=Q(interval_s__gte=1), name="monitor_interval_is_positive"),
            models.CheckConstraint(condition=Q(cuff_interval_s__gte=30), name="monitor_cuff_interval_is_positive"),
        ]

    def __str__(self) -> str:
        return self.name


@keep_history()
class Assignment(models.Model):
    """This monitor stood in this room, from then until then, or stands there still.

    No two of them overlap for one monitor, nor, save for those beside it, for one room: the database holds that.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    monitor = models.ForeignKey(Monitor, on_delete=models.PROTECT, related_name="assignments")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="assignments")
    from_at = models.DateTimeField(default=timezone.now)
    until_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    is_beside = models.BooleanField(default=False)

    class Meta:
        ordering = ["from_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")),
                name="assignment_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.monitor} in {self.room}"


class Counting(models.Model):
    """For this sign another device than the room's own monitor counts there now. Written by the watch alone.

    It is what readings are chosen by; since when and why stands in the log.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="counting")
    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="counting")
    signal = models.CharField(max_length=20, choices=[(signal.value, signal.value) for signal in Signal])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "signal"], name="counting_one_per_room_and_sign")]

    def __str__(self) -> str:
        return f"{self.signal} in {self.room} by {self.monitor}"


class LinkState(models.Model):
    """How the link of one monitor is, as one gateway last saw it. Whether it is silent is judged by the clock.

    Where gateways run side by side a monitor has one with each that heard it (`seen.py` puts them together).

    `refusals` holds the latest kinds of what was refused, newest first, each with its reason, where, what, when it
    came last and how often. `clock_offset_s` is ours less the monitor's: positive when its clock is behind.
    `messages_per_s` is over ten seconds (`rates.py`) when the last message came.
    """

    pk = models.CompositePrimaryKey("monitor_id", "gateway")
    monitor = models.ForeignKey(Monitor, on_delete=models.PROTECT, related_name="links", db_index=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    gateway = models.PositiveSmallIntegerField(default=1)
    lines = models.PositiveSmallIntegerField(default=0)
    peer = models.CharField(max_length=45, blank=True)
    last_heard_at = models.DateTimeField(null=True)
    last_sample_at = models.DateTimeField(null=True)
    observed_interval_s = models.FloatField(null=True)
    messages_per_s = models.FloatField(null=True)
    clock_offset_s = models.FloatField(null=True)
    frames = models.BigIntegerField(default=0)
    samples = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    refusals = models.JSONField(default=list)
    noted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"link of {self.monitor}"


class Stranger(models.Model):
    """Somebody who sent, or tried to, and is no enrolled monitor: what a technician needs to enrol it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE)
    peer = models.CharField(max_length=45)
    certificate = models.CharField(max_length=64, blank=True)
    sending_application = models.CharField(max_length=227, blank=True)
    bed = models.CharField(max_length=200, blank=True)
    last_heard_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_heard_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "peer", "certificate", "sending_application", "bed"], name="stranger_once_per_clinic"
            )
        ]

    def __str__(self) -> str:
        return f"{self.peer} {self.sending_application} {self.bed}".strip()


class Screen(models.Model):
    """A page that somebody can see: it shows one infusion, or with none the board, and says so again and again.

    `id` is the page's own. One that is hidden, locked or gone says nothing, or that it is. `can_sound`: its sound was
    turned on and heard. `seen_at` is when it was last seen. The row is a sign of life, no record: what follows from it
    stands in the log.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE)
    infusion = models.ForeignKey(Infusion, on_delete=models.CASCADE, null=True, related_name="screens")
    can_sound = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{'a room' if self.infusion_id else 'the board'} at {self.seen_at:%H:%M:%S}"


class OutCall(models.Model):
    """A call to people outside of the pages, to be posted to the clinic's address: `outcalls.py`.

    `urgency` is 0 for high, 1 for medium, 2 for low. Kept until it was taken, and a day. A message, no record: that
    somebody was called stands in the log.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE)
    room = models.CharField(max_length=60)
    urgency = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=40)
    step = models.PositiveSmallIntegerField()
    called = models.CharField(max_length=20)
    since = models.DateTimeField()
    called_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.room}: {self.condition}"


class Watcher(models.Model):
    """A watch process that looked at the rooms of a clinic, and when it last did. A sign of life, no record."""

    id = models.UUIDField(primary_key=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE)
    process = models.UUIDField()
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "process"], name="watcher_once_per_clinic")]

    def __str__(self) -> str:
        return f"looked at {self.looked_at:%H:%M:%S}"


class Sample(models.Model):
    """One reading as it was stored. Rows are only added, by `ingest.py`, and read; the table is partitioned by month.

    `frame_digest` is of the whole message, its control id included: a message sent again makes the same rows.
    """

    pk = models.CompositePrimaryKey("monitor_id", "signal", "measured_at", "frame_digest")
    monitor = models.ForeignKey(Monitor, on_delete=models.DO_NOTHING, db_constraint=False, related_name="samples")
    clinic = models.ForeignKey(Clinic, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    signal = models.TextField(choices=[(signal.value, signal.value) for signal in Signal])
    measured_at = models.DateTimeField()
    received_at = models.DateTimeField()
    value = models.DecimalField(max_digits=16, decimal_places=6)
    validity = models.TextField(choices=[(validity.value, validity.value) for validity in Validity])
    frame_digest = models.BinaryField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"{self.signal} {self.value} at {self.measured_at:%Y-%m-%d %H:%M:%S}"

    def as_reading(self) -> Reading:
        """What the core judges."""
        return Reading(Signal(self.signal), self.value, self.measured_at, self.received_at, Validity(self.validity))


class MonthGone(models.Model):
    """A month (UTC) whose readings were dropped, after their file was seen to hold them all: see months.py.

    Written by the tables' owner alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    month = models.DateField()
    readings = models.PositiveBigIntegerField()
    dropped_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "month"], name="month_gone_once_per_clinic")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Frame(models.Model):
    """One message as it came over the wire, and how it was answered: kept some days for dispute, then dropped whole.

    Rows are only added, by `ingest.py`, and read; the table is partitioned by day. `reasons` are the codes of what was
    not taken, parted by commas. It holds what the monitor sent, a patient's name too: `frames.py` says who sees what.
    """

    pk = models.CompositePrimaryKey("monitor_id", "received_at", "frame_digest")
    monitor = models.ForeignKey(Monitor, on_delete=models.DO_NOTHING, db_constraint=False, related_name="heard")
    clinic = models.ForeignKey(Clinic, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    received_at = models.DateTimeField()
    frame_digest = models.BinaryField()
    peer = models.TextField()
    answer = models.TextField()
    reasons = models.TextField()
    packed = models.BinaryField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"{self.answer} at {self.received_at:%Y-%m-%d %H:%M:%S}"

    @property
    def bytes_sent(self) -> bytes:
        """The message, byte for byte."""
        return zlib.decompress(self.packed)


class SaidAlarm(models.Model):
    """What a monitor said of one of its own alarms, each time it said it. Rows are only added, by `ingest.py`.

    What it means is `core.vitals.MonitorAlarm`; which alarms stand now is read by `monitor_alarms.py`.
    """

    pk = models.CompositePrimaryKey("monitor_id", "key", "said_at", "frame_digest")
    monitor = models.ForeignKey(Monitor, on_delete=models.DO_NOTHING, db_constraint=False, related_name="alarms_said")
    clinic = models.ForeignKey(Clinic, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    key = models.TextField()
    words = models.TextField()
    signal = models.TextField(blank=True, choices=[(signal.value, signal.value) for signal in Signal])
    standing = models.TextField(choices=[(each.value, each.value) for each in Standing])
    silenced = models.TextField(choices=[(each.value, each.value) for each in Silenced])
    urgency = models.TextField(choices=[(each.value, each.value) for each in Urgency])
    kind = models.TextField(blank=True)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()
    frame_digest = models.BinaryField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"{self.words}: {self.standing} at {self.said_at:%Y-%m-%d %H:%M:%S}"

    def as_alarm(self) -> MonitorAlarm:
        """What the core judges."""
        return MonitorAlarm(
            key=self.key,
            words=self.words,
            signal=Signal(self.signal) if self.signal else None,
            standing=Standing(self.standing),
            silenced=Silenced(self.silenced),
            urgency=Urgency(self.urgency),
            is_technical=KINDS[self.kind],
            said_at=self.said_at,
            received_at=self.received_at,
        )


class PumpSaid(models.Model):
    """What a pump said it did, each time it said it. Rows are only added, by `ingest.py`, and read.

    An amount that it did not say is none. What it means is `core.drip.pump.PumpEvent`.
    """

    pk = models.CompositePrimaryKey("monitor_id", "said_at", "did", "words", "frame_digest")
    monitor = models.ForeignKey(Monitor, on_delete=models.DO_NOTHING, db_constraint=False, related_name="pump_said")
    clinic = models.ForeignKey(Clinic, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    did = models.TextField(choices=[(each.value, each.value) for each in PumpDid])
    words = models.TextField(blank=True)
    rate_ml_per_h = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    given_ml = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    left_ml = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()
    frame_digest = models.BinaryField()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"{self.did} at {self.said_at:%Y-%m-%d %H:%M:%S}"

    def as_event(self) -> PumpEvent:
        return PumpEvent(
            PumpDid(self.did),
            self.words,
            self.rate_ml_per_h,
            self.given_ml,
            self.left_ml,
            self.said_at,
            self.received_at,
        )
