"""The form behind an order: the same for a clinic's protocol and for one patient. It builds a `core.order.Order`.

Here it is checked that what was typed is a number at all; what it may be is judged by core.safety.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from stillroom.clinics.access import CLINICAL
from stillroom.clinics.models import Clinic, Role
from stillroom.core.drip.line import DROPS_PER_ML
from stillroom.core.drip.quantities import Quantity, whole
from stillroom.core.order import (
    UNASKED,
    UNSIGNED,
    AlarmSettings,
    Antiemetic,
    BagOrder,
    Delivery,
    Door,
    Intervals,
    LeavingScore,
    Observation,
    Order,
    Scale,
    StartLimits,
    WatchLimits,
)
from stillroom.core.order.alarms import SEEN_FOR_AT_MOST_S
from stillroom.web.fields import QuantityField, WholeField

PUMP = "pump"
SETS = [(str(drops), f"{drops} drops/mL") for drops in DROPS_PER_ML]
BY = [*SETS, (PUMP, "pump")]
WHEN = [("", "none"), ("before", "before the start"), ("ready", "held ready")]
SOUND = [("", "as Stillroom does by itself"), ("yes", "heard here too"), ("no", "seen here, the monitor sounds")]
CALLED = (
    *("anxious_from", "nauseous_from"),
    *("grave_delay_s", "limit_delay_s", "pause_long_after_min", "high_escalates_after_s", "medium_escalates_after_s"),
    *("seen_again_after_s", "volumes_notice_percent", "volumes_differ_percent"),
)
"""The fields of `AlarmSettings` that the form asks for by the same name; the others stay as the order had them."""
YES_NO = [("", "as Stillroom does by itself"), ("yes", "yes"), ("no", "no")]
ASKED_YES_NO = ("baseline_is_whole", "detached_back_to_base")
SCALES_ASKED = [("", "no score"), (Scale.PADSS.value, "PADSS"), (Scale.MODIFIED_ALDRETE.value, "modified Aldrete")]
DOORS = {
    Door.WITH_ADULT: "with an adult who signs",
    Door.WHEN_CLEAR: "after staying until all effects are gone",
}
OWN = "own decision: wider than any adult's, so that only a slip of the finger stops here"


def _whole(name: str, unit: str, lowest: int, highest: int, label: str, *, required: bool = True) -> WholeField:
    return WholeField(whole(name, unit, lowest, highest, OWN), label=label, required=required)


def _glance(name: str, unit: str, lowest: int, highest: int, what: str) -> WholeField:
    """A level of `Observation`. Under its heading on the page it is called by `what` alone (`short`)."""
    field = _whole(name, unit, lowest, highest, f"Worth a glance: {what}", required=False)
    field.short = what.capitalize()
    return field


PERCENT = Quantity(
    name="pump_tolerance_percent", unit="%", decimals=1, lowest=Decimal(0), highest=Decimal(25), source=OWN
)


class OrderForm(forms.Form):
    """One order as a prescriber writes it."""

    dose_mg_per_kg = QuantityField("dose_mg_per_kg", label="Dose")
    duration_min = QuantityField("duration_min", label="Over")
    fluid_volume_ml = QuantityField("volume_ml", label="Bag")
    by = forms.ChoiceField(label="Drip set", choices=BY)

    vial_mg_per_ml = forms.ChoiceField(label="Vial, mg/mL")
    overfill_ml = QuantityField("volume_ml", label="Overfill of the bag")
    makes_room = forms.BooleanField(label="As much fluid is drawn out first", required=False)
    syringe_step_ml = QuantityField("drug_volume_ml", label="Marks of the syringe, every")
    line_volume_ml = QuantityField("line_volume_ml", label="The line holds")
    pump_step_ml_per_h = QuantityField("rate_ml_per_h", label="Step of the pump", required=False)
    pump_tolerance_percent = QuantityField(PERCENT, label="The pump is right within", required=False)

    antiemetic_when = forms.ChoiceField(label="Against nausea", choices=WHEN, required=False)
    antiemetic_name = forms.CharField(label="Medicine", max_length=60, required=False)
    antiemetic_dose_mg = QuantityField("dose_mg", label="Its dose", required=False)

    highest_rate_mg_per_kg_per_h = QuantityField("rate_mg_per_kg_per_h", label="A nurse may go up to")
    pressure_every_min = _whole("pressure_every_min", "min", 1, 60, "Pressure and pulse every")
    watched_every_min = _whole("watched_every_min", "min", 1, 60, "How awake and detached every")
    spo2_low_percent = _whole("spo2_low_percent", "%", 70, 99, "Oxygen below")
    sbp_high_mmhg = _whole("sbp_high_mmhg", "mmHg", 90, 260, "Upper pressure above")
    dbp_high_mmhg = _whole("dbp_high_mmhg", "mmHg", 50, 160, "Lower pressure above")
    sbp_low_mmhg = _whole("sbp_low_mmhg", "mmHg", 50, 140, "Upper pressure below")
    pulse_high_per_min = _whole("pulse_high_per_min", "/min", 80, 220, "Pulse above")
    pulse_low_per_min = _whole("pulse_low_per_min", "/min", 25, 80, "Pulse below")
    resp_low_per_min = _whole("resp_low_per_min", "/min", 4, 20, "Breaths below")

    # When staff are called. Left empty, all of it is as Stillroom does by itself, which no clinician has signed.
    anxious_from = _whole("anxious_from", "of 10", 1, 10, "Distress calls from", required=False)
    nauseous_from = _whole("nauseous_from", "of 10", 1, 10, "Nausea calls from", required=False)
    grave_delay_s = _whole("grave_delay_s", "s", 1, 60, "A grave figure calls after", required=False)
    limit_delay_s = _whole("limit_delay_s", "s", 1, 120, "Any other figure calls after", required=False)
    pause_long_after_min = _whole("pause_long_after_min", "min", 1, 60, "A pause calls after", required=False)
    high_escalates_after_s = _whole(
        "high_escalates_after_s", "s", 5, 120, "A high alarm nobody answers calls others after", required=False
    )
    medium_escalates_after_s = _whole(
        "medium_escalates_after_s", "s", 10, 600, "A medium one calls others after", required=False
    )
    seen_again_after_s = _whole(
        "seen_again_after_s",
        "s",
        30,
        SEEN_FOR_AT_MOST_S,
        "A high alarm that was seen and still stands is heard again after",
        required=False,
    )
    volumes_notice_percent = _whole(
        "volumes_notice_percent", "%", 1, 50, "Drops and bag are said to differ from", required=False
    )
    volumes_differ_percent = _whole(
        "volumes_differ_percent", "%", 1, 50, "Drops and bag that differ call from", required=False
    )
    values_sound = forms.ChoiceField(label="Figures beyond a limit", choices=SOUND, required=False)

    # Worth a glance, asked, or waited for (`Observation`). Likewise.
    spo2_glance_percent = _glance("spo2_glance_percent", "%", 70, 100, "oxygen below")
    sbp_glance_high_mmhg = _glance("sbp_glance_high_mmhg", "mmHg", 90, 260, "upper pressure above")
    dbp_glance_high_mmhg = _glance("dbp_glance_high_mmhg", "mmHg", 50, 160, "lower pressure above")
    pressure_rise_percent = _glance("pressure_rise_percent", "%", 5, 100, "either pressure risen by")
    sbp_glance_low_mmhg = _glance("sbp_glance_low_mmhg", "mmHg", 50, 140, "upper pressure below")
    pulse_glance_high_per_min = _glance("pulse_glance_high_per_min", "/min", 60, 220, "pulse above")
    pulse_glance_low_per_min = _glance("pulse_glance_low_per_min", "/min", 25, 100, "pulse below")
    resp_glance_per_min = _glance("resp_glance_per_min", "/min", 4, 25, "breaths below")
    anxious_glance_from = _glance("anxious_glance_from", "of 10", 1, 10, "distress from")
    nauseous_glance_from = _glance("nauseous_glance_from", "of 10", 1, 10, "nausea from")
    repeat_pressure_after_min = _whole(
        "repeat_pressure_after_min", "min", 1, 15, "A pressure over the limit again after", required=False
    )
    baseline_sets = _whole("baseline_sets", "times", 1, 4, "Vital signs are taken", required=False)
    baseline_is_whole = forms.ChoiceField(
        label="Oxygen, breaths, how awake and detached are known", choices=YES_NO, required=False
    )
    detached_asked_at_min = _whole(
        "detached_asked_at_min", "min", 5, 240, "How detached is asked after", required=False
    )
    detached_asked_again_at_min = _whole(
        "detached_asked_again_at_min", "min", 5, 360, "And again after", required=False
    )
    effect_after_min = _whole("effect_after_min", "min", 1, 120, "Whether a medicine helped after", required=False)
    detached_back_to_base = forms.ChoiceField(
        label="No more detached than before the start", choices=YES_NO, required=False
    )
    pressure_within_percent = _whole(
        "pressure_within_percent", "%", 5, 50, "Pressure as on arrival, within", required=False
    )

    hold_sbp_mmhg = _whole("hold_sbp_mmhg", "mmHg", 100, 220, "A prescriber decides from, upper")
    hold_dbp_mmhg = _whole("hold_dbp_mmhg", "mmHg", 50, 140, "A prescriber decides from, lower")
    no_start_sbp_mmhg = _whole("no_start_sbp_mmhg", "mmHg", 100, 240, "Nobody starts from, upper")
    no_start_dbp_mmhg = _whole("no_start_dbp_mmhg", "mmHg", 50, 150, "Nobody starts from, lower")
    preflight_good_for_min = _whole("preflight_good_for_min", "min", 5, 480, "Answers before the start are good for")
    vitals_good_for_min = _whole("vitals_good_for_min", "min", 1, 120, "Vital signs are good for")
    second_check = forms.BooleanField(label="A second person checks the bag", required=False)
    second_patient_check = forms.BooleanField(label="A second person checks who sits there", required=False)
    may_start = forms.MultipleChoiceField(
        label="Who may start",
        choices=[(role.value, Role(role).label) for role in CLINICAL],
        widget=forms.CheckboxSelectMultiple,
    )

    recovery_check_every_min = _whole("recovery_check_every_min", "min", 5, 60, "A look every")
    clear_checks_apart_min = _whole("clear_checks_apart_min", "min", 5, 120, "Two clear looks, apart by")
    stay_at_least_min = _whole("stay_at_least_min", "min", 0, 480, "Stays after the drip, at least")
    leaving_scale = forms.ChoiceField(label="Before a door opens", choices=SCALES_ASKED, required=False)
    leaving_at_least = _whole("leaving_at_least", "of 10", 1, 10, "Score at least", required=False)
    leaving_times = _whole("leaving_times", "times", 1, 4, "So often in a row", required=False)
    leaving_apart_min = _whole("leaving_apart_min", "min", 0, 120, "First and last apart by", required=False)
    doors = forms.MultipleChoiceField(label="May go home", choices=list, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, clinic: Clinic, vials: Sequence[Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vial_mg_per_ml"].choices = [(str(each.normalize()), f"{each:f}") for each in vials]  # type: ignore[attr-defined]
        for unsigned, names in ((UNSIGNED, CALLED), (UNASKED, Observation.__slots__)):
            for name in set(names) - set(ASKED_YES_NO):
                self.fields[name].widget.attrs["placeholder"] = str(getattr(unsigned, name))
        self.fields["doors"].choices = [(door.value, DOORS[door]) for door in doors_of(clinic)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("by") == PUMP:
            self._ask_for("pump_step_ml_per_h", "pump_tolerance_percent", of=typed)
        if typed.get("antiemetic_when"):
            self._ask_for("antiemetic_name", "antiemetic_dose_mg", of=typed)
        if typed.get("leaving_scale"):
            self._ask_for("leaving_at_least", "leaving_times", "leaving_apart_min", of=typed)
        sets, good_for_min = typed.get("baseline_sets"), typed.get("vitals_good_for_min")
        if sets and good_for_min and sets - 1 > good_for_min:
            words = f"Each set is of another minute: {sets} do not fit into the {good_for_min} min that they stay good."
            self.add_error("baseline_sets", ValidationError(words, code="too_many_sets"))
        if typed.get("pump_step_ml_per_h") == 0:
            self.add_error("pump_step_ml_per_h", ValidationError("A step is more than nothing.", code="no_step"))
        return typed

    def _ask_for(self, *names: str, of: dict[str, Any]) -> None:
        for name in names:
            if name not in self.errors and of.get(name) in (None, ""):
                self.add_error(name, ValidationError("", code="required"))

    @property
    def order(self) -> Order:
        """Of a valid form."""
        said = self.cleaned_data
        return Order(
            dose_mg_per_kg=said["dose_mg_per_kg"],
            duration_min=said["duration_min"],
            bag=BagOrder(**_of(BagOrder, said) | {"vial_mg_per_ml": Decimal(said["vial_mg_per_ml"])}),
            delivery=_delivery(said),
            highest_rate_mg_per_kg_per_h=said["highest_rate_mg_per_kg_per_h"],
            start_limits=StartLimits(**_of(StartLimits, said)),
            watch_limits=WatchLimits(**_of(WatchLimits, said)),
            intervals=Intervals(**_of(Intervals, said)),
            doors=tuple(Door(each) for each in said["doors"]),
            second_check=said["second_check"],
            second_patient_check=said["second_patient_check"],
            may_start=tuple(said["may_start"]),
            antiemetic=_antiemetic(said),
            alarms=_alarms(said, self.initial.get("alarms")),
            leaving_score=_leaving_score(said),
            observation=_observation(said),
        )


def values_of(order: Order) -> dict[str, Any]:
    """What the form shows for an order, every amount as it was written."""
    delivery, antiemetic, score = order.delivery, order.antiemetic, order.leaving_score
    tolerance = delivery.pump_tolerance
    shown = {
        name: getattr(part, name)
        for part in (order.bag, order.start_limits, order.watch_limits, order.intervals)
        for name in part.__slots__
    }
    return shown | {
        "dose_mg_per_kg": order.dose_mg_per_kg,
        "duration_min": order.duration_min,
        "vial_mg_per_ml": str(order.bag.vial_mg_per_ml.normalize()),
        "by": str(delivery.drops_per_ml) if delivery.drops_per_ml else PUMP,
        "line_volume_ml": delivery.line_volume_ml,
        "pump_step_ml_per_h": delivery.pump_step_ml_per_h,
        "pump_tolerance_percent": None if tolerance is None else (tolerance * 100).normalize(),
        "highest_rate_mg_per_kg_per_h": order.highest_rate_mg_per_kg_per_h,
        "second_check": order.second_check,
        "second_patient_check": order.second_patient_check,
        "may_start": list(order.may_start),
        "doors": [door.value for door in order.doors],
        "antiemetic_when": ("before" if antiemetic.before_start else "ready") if antiemetic else "",
        "antiemetic_name": antiemetic.name if antiemetic else "",
        "antiemetic_dose_mg": antiemetic.dose_mg if antiemetic else None,
        "leaving_scale": score.scale.value if score else "",
        "leaving_at_least": score.at_least if score else None,
        "leaving_times": score.times if score else None,
        "leaving_apart_min": score.apart_min if score else None,
        "alarms": order.alarms,
        **{name: getattr(order.alarms, name, None) for name in CALLED},
        **_shown(order.observation),
        "values_sound": "" if order.alarms is None else "yes" if order.alarms.values_sound else "no",
    }


def doors_of(clinic: Clinic) -> list[Door]:
    """The ways home that a clinic opens."""
    is_open = {Door.WITH_ADULT: clinic.opens_door_with_adult, Door.WHEN_CLEAR: clinic.opens_door_stay_until_clear}
    return [door for door in Door if is_open[door]]


def _of(part: Any, said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in part.__slots__}


def _delivery(said: dict[str, Any]) -> Delivery:
    if said["by"] != PUMP:
        return Delivery(line_volume_ml=said["line_volume_ml"], drops_per_ml=int(said["by"]))
    return Delivery(
        line_volume_ml=said["line_volume_ml"],
        pump_step_ml_per_h=said["pump_step_ml_per_h"],
        pump_tolerance=said["pump_tolerance_percent"] / 100,
    )


def _antiemetic(said: dict[str, Any]) -> Antiemetic | None:
    if not said["antiemetic_when"]:
        return None
    return Antiemetic(
        name=said["antiemetic_name"],
        dose_mg=said["antiemetic_dose_mg"],
        before_start=said["antiemetic_when"] == "before",
    )


def _leaving_score(said: dict[str, Any]) -> LeavingScore | None:
    if not said["leaving_scale"]:
        return None
    return LeavingScore(
        scale=Scale(said["leaving_scale"]),
        at_least=said["leaving_at_least"],
        times=said["leaving_times"],
        apart_min=said["leaving_apart_min"],
    )


def _shown(observation: Observation | None) -> dict[str, Any]:
    """Empty where the order says nothing."""
    values = {name: getattr(observation, name, None) for name in Observation.__slots__}
    return values | {name: {True: "yes", False: "no", None: ""}[values[name]] for name in ASKED_YES_NO}


def _observation(said: dict[str, Any]) -> Observation | None:
    """What was typed, over what Stillroom has by itself; None while nothing is said of it."""
    typed = {name: said[name] for name in Observation.__slots__ if said[name] not in (None, "")}
    typed |= {name: typed[name] == "yes" for name in ASKED_YES_NO if name in typed}
    return replace(UNASKED, **typed) if typed else None


def _alarms(said: dict[str, Any], base: AlarmSettings | None) -> AlarmSettings | None:
    """What was typed; of what the form does not ask, what the order had. None while nothing is said of it."""
    typed = {name: said[name] for name in CALLED if said[name] is not None}
    if said["values_sound"]:
        typed["values_sound"] = said["values_sound"] == "yes"
    emptied = {name: getattr(UNSIGNED, name) for name in CALLED}
    return replace(base or UNSIGNED, **emptied | typed) if typed else None
