"""When a drip is over: what of the drug that was taken out for it was used, what is left over, what is in the line?

The line is told apart, because it is not over with the drip: a flush still brings its drug in, and without one it is
thrown away with the set.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What was in hand of one page: `used_mg + left_mg + in_line_mg` are all of it. `left_mg`: in bag and vials."""

    used_mg: Decimal
    left_mg: Decimal
    in_line_mg: Decimal


def share_out(in_hand: list[tuple[Decimal, Decimal]], *, left_in_bag_mg: Decimal, in_line_mg: Decimal) -> list[Share]:
    """A share for each page, given as what is in hand of it and how much of that is in the vials, mg.

    What is left comes first: a bag that holds more than the line could have let through has let nothing into a vein.
    """
    shares = []
    for in_hand_mg, in_vials_mg in in_hand:
        from_bag_mg = min(left_in_bag_mg, in_hand_mg - in_vials_mg)
        from_line_mg = min(in_line_mg, in_hand_mg - in_vials_mg - from_bag_mg)
        left_in_bag_mg, in_line_mg = left_in_bag_mg - from_bag_mg, in_line_mg - from_line_mg
        left_mg = from_bag_mg + in_vials_mg
        used_mg = in_hand_mg - left_mg - from_line_mg
        shares.append(Share(used_mg=used_mg, left_mg=left_mg, in_line_mg=from_line_mg))
    return shares
