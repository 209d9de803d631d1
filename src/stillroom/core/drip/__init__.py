"""The drip: from an order to drops a minute, and from what happened at the clamp to what reached the patient.

    numerals, quantities   read_number(text, QUANTITIES["weight_kg"]) -> Decimal, or Refused with the reason
    bag                    Bag, mix_bag, check_bag: drug, volumes and strength; the concentrate is never hung undiluted
    line                   Line, Priming, and the meter: Gravity (drops counted) or Pump
    rates                  weight, dose, volume, time and drops into one another, exact
    rounding               what can be set or drawn up: always towards less drug
    plan, recheck          plan_drip -> DripPlan with its residue; must_agree derives it again, another way
    counting               drops or taps -> drops/min and mL/h, with what the count leaves in doubt
    history                History and its happenings: what was done and seen at the drip
    course                 ledger (bag, line, patient), rates_reaching_patient (for pharmacology)
    given                  the dose given: an Estimate with its evidence
    progress               against the plan: behind or ahead, minutes to finish
    comparing              counted drops and the bag: how far apart, beyond what their own doubt explains
    pace                   the one word about it: on plan, too slow, too fast, cannot tell and why, or a stream

Amounts are `Decimal` as written and `Fraction` once computed: exact, and free to be compared. `exact.shown` rounds one
for reading; `rates_reaching_patient` makes the only floats. Other rooms import from the modules named here.
"""
