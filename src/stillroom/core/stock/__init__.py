"""Where every milligram of a controlled drug went: received, in the cupboard, in hand, used, wasted, returned, lost."""

from stillroom.core.stock.book import Book, Difference, Discrepancy, Line, NotAccounted, Overdrawn, keep_book
from stillroom.core.stock.judging import judge
from stillroom.core.stock.lines import BY_TWO, BY_VIAL, MOVES, OF_INFUSION, WITH_REASON, Kind, Place
from stillroom.core.stock.sharing import Share, share_out

__all__ = [
    "BY_TWO",
    "BY_VIAL",
    "MOVES",
    "OF_INFUSION",
    "WITH_REASON",
    "Book",
    "Difference",
    "Discrepancy",
    "Kind",
    "Line",
    "NotAccounted",
    "Overdrawn",
    "Place",
    "Share",
    "judge",
    "keep_book",
    "share_out",
]
