"""By which sensor does the rate of the heart count: the finger's, or the electrocardiogram's?

Both are kept. One counts, chosen as one of two devices is (`core.vitals.sources`): it is what the tile shows and what
raises an alarm. The one to go first is set with the monitor; each change is an entry, and holds until the next.
"""

from __future__ import annotations

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState
from stillroom.core.safety.limit_watch import RATES
from stillroom.core.safety.watch import Watched
from stillroom.core.vitals import Signal, lifetime_of
from stillroom.core.vitals.sources import Measuring, which_counts


def pulse_counts_by(state: InfusionState, first: Signal) -> Signal:
    """The sensor that counts now; before anything changed, the one that goes first."""
    return state.pulse_by or first


def pulse_source_changed(state: InfusionState, watched: Watched, first: Signal) -> e.PulseSourceChanged | None:
    """That the other counts from now on, and why; None where nothing changes."""
    if watched.link is None:
        return None
    interval_s, cuff_interval_s = watched.link.interval_s, watched.link.cuff_interval_s
    order = [
        Measuring(
            signal,
            watched.readings.get(signal, ()),
            lifetime_of(signal, interval_s=interval_s, cuff_interval_s=cuff_interval_s),
            is_still=signal in watched.still,
        )
        for signal in sorted(RATES, key=lambda signal: signal is not first)
    ]
    before = pulse_counts_by(state, first)
    choice = which_counts(order, before, watched.at)
    return e.PulseSourceChanged(to=choice.id.value, before=before.value, why=choice.why) if choice.why else None
