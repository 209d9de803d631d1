"""What is typed on the pages about monitors."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from stillroom.clinics.models import Room
from stillroom.core.drip.quantities import whole
from stillroom.core.vitals import Signal
from stillroom.devices.drivers import driver_of
from stillroom.devices.models import Monitor, refuse_no_network
from stillroom.web.fields import WholeField

NAMED_ALIKE = "%(other)s sends from there and is named alike. Say what this one calls itself, or its bed."
OWN = "own decision: from every second to once an hour; a cuff from every half minute to every four hours"
ZONES = sorted(available_timezones() - {"localtime", "Factory"})  # neither says what a clock shows elsewhere

SIGNS = [
    (Signal.SPO2_PERCENT.value, "oxygen saturation"),
    (Signal.PULSE_PER_MIN.value, "pulse at the finger"),
    (Signal.HEART_RATE_PER_MIN.value, "heart rate by ECG"),
    (Signal.RESP_PER_MIN.value, "breathing"),
    (Signal.ETCO2_MMHG.value, "end-tidal CO\N{SUBSCRIPT TWO}"),
    (Signal.TEMPERATURE_CEL.value, "temperature"),
    (Signal.SBP_MMHG.value, "blood pressure"),
]


PULSE_FIRST = [
    (Signal.PULSE_PER_MIN.value, "The finger; the electrocardiogram while the finger gives none"),
    (Signal.HEART_RATE_PER_MIN.value, "The electrocardiogram; the finger while that gives none"),
]


class PeersField(forms.CharField):
    """Addresses parted by spaces, commas or lines, as a list."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        peers = re.split(r"[\s,]+", super().clean(value).strip())
        for peer in peers:
            refuse_no_network(peer)
        return peers


class FingerprintField(forms.CharField):
    """As programs print it: capitals, and pairs parted by colons, mean the same."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s:]", "", super().to_python(value) or "").lower()


class _DeviceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is known of every device: its name, and how often it tells something."""

    interval_s = WholeField(
        whole("interval_s", "s", 1, 3600, OWN),
        label="How often does it send?",
        help_text="A value older than twice this is stale.",
    )
    cuff_interval_s = WholeField(
        whole("cuff_interval_s", "s", 30, 14_400, OWN),
        label="How often does its cuff measure?",
        help_text="As set on the monitor.",
    )

    pulse_first = forms.ChoiceField(
        label="By which sensor does the pulse count in its room?",
        required=False,
        choices=PULSE_FIRST,
        help_text="That one is shown and raises alarms. What the other gives is kept, and shown beside it.",
    )
    is_beside = forms.BooleanField(
        label="It stands beside the room’s monitor",
        required=False,
        help_text="As a second source, such as an oximeter of its own. When one falls silent the other counts.",
    )
    goes_first_for = forms.MultipleChoiceField(
        label="Beside it, for what does this one go first?",
        required=False,
        choices=SIGNS,
        widget=forms.CheckboxSelectMultiple,
        help_text="For everything else the room’s monitor goes first.",
    )

    def clean_pulse_first(self) -> str:
        """Where nothing was said, what stands."""
        said: str = self.cleaned_data["pulse_first"] or self.instance.pulse_first
        return said

    def clean_name(self) -> str:
        """Once in each clinic; row security shows this one's alone."""
        name: str = self.cleaned_data["name"]
        if Monitor.objects.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another monitor is called this.")
        return name


class MonitorForm(_DeviceForm):
    """All that is known of a monitor that calls us, and what tells it from every other."""

    peers = PeersField(
        label="From which address does it send?",
        help_text="As 192.0.2.17, or several parted by commas. Nothing from anywhere else is taken.",
    )
    certificate = FingerprintField(
        label="Which certificate must it show?",
        required=False,
        help_text="Its SHA-256 fingerprint, where it sends by TLS. Left empty, none is asked of it.",
    )
    time_zone = forms.ChoiceField(
        label="Which zone does its clock show?",
        required=False,
        choices=[("", "Its messages say so"), *((zone, zone) for zone in ZONES)],
        help_text="Needed where its times carry no offset. Without either, nothing is taken.",
    )

    class Meta:
        model = Monitor
        fields = [
            "name",
            "peers",
            "sending_application",
            "bed",
            "certificate",
            "interval_s",
            "cuff_interval_s",
            "time_zone",
            "pulse_first",
            "is_beside",
            "goes_first_for",
            "is_enrolled",
        ]
        labels = {
            "name": "What is it called?",
            "sending_application": "What does it call itself?",
            "bed": "Which bed does it name?",
            "is_enrolled": "Take what it sends",
        }
        help_texts = {
            "name": "As people speak of it, such as “monitor by the window”.",
            "sending_application": "MSH-3 of its messages. Needed where several send from one address.",
            "bed": "PV1-3 of its messages, as sent. Needed where one gateway sends for several beds.",
        }

    def clean(self) -> dict[str, Any]:
        """A message must have one owner: two monitors at one address differ in a name, in bed or in certificate."""
        said = super().clean() or {}
        names = {name: said.get(name, "") for name in ("sending_application", "bed", "certificate")}
        alike = Monitor.objects.filter(is_enrolled=True, **names).exclude(pk=self.instance.pk)
        networks = [ip_network(peer) for peer in said.get("peers", [])]
        for other in alike if said.get("is_enrolled") else ():
            if any(_overlap(mine, ip_network(theirs)) for mine in networks for theirs in other.peers):
                raise ValidationError(NAMED_ALIKE, params={"other": other})
        return said


class CalledForm(_DeviceForm):
    """A device that we call, by the driver it is enrolled under."""

    address = forms.CharField(
        label="At which address is it called?",
        max_length=200,
        help_text="As https://192.0.2.17:6464/ and its name there. Its maker’s settings show it.",
    )
    certificate = FingerprintField(
        label="Which certificate must it show?",
        required=False,
        help_text="Its SHA-256 fingerprint. Left empty, any device with a certificate of the issuer set here is taken.",
    )

    class Meta:
        model = Monitor
        fields = [
            "name",
            "address",
            "certificate",
            "interval_s",
            "cuff_interval_s",
            "pulse_first",
            "is_beside",
            "goes_first_for",
            "is_enrolled",
        ]
        labels = {
            "name": "What is it called?",
            "is_enrolled": "Call it, and take what it tells",
        }
        help_texts = {
            "name": "As people speak of it, such as “monitor by the window”.",
        }

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        driver = driver_of(self.instance.driver)
        reason = driver.refuses(address)
        if reason:
            raise ValidationError(driver.sentences[reason])
        if Monitor.objects.filter(address=address, is_enrolled=True).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another device is enrolled at this address.")
        return address


class PlaceForm(forms.Form):
    """Where a monitor stands; no room is nowhere."""

    room = forms.ModelChoiceField(queryset=Room.objects.none(), required=False, empty_label="In no room")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.all()  # type: ignore[attr-defined]


def _overlap(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    return one.version == other.version and one.overlaps(other)
