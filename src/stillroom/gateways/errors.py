"""What goes wrong at the edge: a line that will not open, a store that will not keep."""

from __future__ import annotations


class GatewayError(Exception):
    """Something outside did not do its part. `permanent` says that trying again will not help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent
