"""What `stillroom predict` says, by the code of a finding; facts stand in braces."""

from __future__ import annotations

from stillroom.core.errors import Finding

ESTIMATED = "Estimated from the doses given, not measured. Not a basis for letting anybody go home, nor for a dose."

REFUSALS = {
    "age_missing": "Say the age with --age-y: these models are for adults, and nobody of unknown age is estimated.",
    "at_below_zero": "--at {value}: times are minutes from the start of the infusion, 0 or later.",
    "at_not_numbers": "--at '{text}': times are minutes from the start of the infusion, parted by commas: 5,10,20.",
    "cannot_be_true": "--{field} {value} cannot be true of an adult: it is not between {lowest} and {highest}.",
    "dose_beyond_any": "--dose-mg-per-kg {value}: a dose is above 0 and at most {highest} mg/kg, over twice the "
    "largest intravenous dose on the label (4.5 mg/kg, for anaesthesia).",
    "dose_needs_weight": "A dose per kilogram needs --weight-kg.",
    "dosing_both_ways": "Say the dose one way: either --dose-mg-per-kg and --duration-min, or --rates.",
    "dosing_half_said": "--dose-mg-per-kg and --duration-min belong together: one of them is missing.",
    "dosing_missing": "Say what was given: --dose-mg-per-kg and --duration-min, or --rates with a file.",
    "duration_not_above_zero": "--duration-min {value}: a duration is a number of minutes above 0.",
    "model_unknown": "There is no model called '{model}'. Known: {known}, or all.",
    "no_model_chosen": "No model was named. Known: {known}, or all.",
    "patient_is_a_child": "--age-y {age_y}: these models are for adults, and nobody under {adult_from_y} is estimated.",
    "rate_negative": "Rates, row {number}: {rate_mg_per_min} mg/min is below zero.",
    "rate_not_a_number": "Rates, row {number}: start, end and rate must be finite numbers.",
    "rates_columns": "The rates file must have the columns {expected}, in these units; it has {found}.",
    "rates_empty": "The rates file has no row of rates.",
    "rates_not_numbers": "Rates, row {number}: '{text}' is not three numbers.",
    "rates_start_below_zero": "Rates, row {number}: {start_min} min is before the start of the infusion.",
    "rates_unreadable": "The rates file {path} cannot be read: {reason}.",
    "segment_has_no_length": "Rates, row {number}: it ends at {end_min} min and starts at {start_min} min.",
    "segments_out_of_order": "Rates, row {number}: it starts at {start_min} min, before the row above it.",
    "segments_overlap": "Rates, row {number}: it starts at {start_min} min, before the row above it has ended.",
    "sex_unknown": "--sex '{text}': male, female, other or unknown.",
    "time_not_a_number": "--at: times must be finite numbers.",
    "weight_missing": "Say the weight with --weight-kg: {models} use it.",
}

NOTES = {
    "input_not_used": "{field}: none of these models uses it; it changes nothing.",
    "model_not_of_outpatients": "{model} was made from {population}: for comparison only.",
    "model_of_s_ketamine_only": "{model} is of S-ketamine, half of what is given: not to be compared with the others.",
    "model_out_of_range": "{model}: {field} {value} is outside {lowest} to {highest} ({standing}: {basis}).",
    "model_uses": "{model} uses: {inputs}.",
    "spread_assumed": "The band is the lowest and highest model of racemic ketamine, less and more {percent} %: an "
    "assumption, not a share of people.",
}


def said(finding: Finding) -> str:
    """The sentence of a finding."""
    facts = {name: value.replace("_", "-") if name == "field" else value for name, value in finding.facts.items()}
    return {**REFUSALS, **NOTES}[finding.code].format(**facts)
