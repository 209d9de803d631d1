"""Pharmacology predicts: published models of ketamine with their sources, and what they say of one person's infusion.

`course` is the one function in front: models, rates and a body in; each model's line, and a band, out.
`learning.learn` and `learning.foresee` say what one person's own scores add to it. They inform, and reach no decision.
"""

from stillroom.core.pharmacology.forecast import Band, Course, Line, course
from stillroom.core.pharmacology.history import RateSegment
from stillroom.core.pharmacology.models import Body
from stillroom.core.pharmacology.parameters import MODELS, ROOM_MODELS, Drug, ParameterSet

__all__ = ["MODELS", "ROOM_MODELS", "Band", "Body", "Course", "Drug", "Line", "ParameterSet", "RateSegment", "course"]
