from __future__ import annotations

from tests.rehearsal.furnished import furnished

__all__ = ["furnished"]
