"""What is believed of a person, before and after their scores, in a form to be drawn. `learning` finds it."""

from __future__ import annotations

from dataclasses import dataclass

from stillroom.core.errors import Finding
from stillroom.core.pharmacology.exponentials import Array
from stillroom.core.pharmacology.parameters import Drug, Sampling
from stillroom.core.pharmacology.prior import Belief, Normal, Trait


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What one model, and the scores, say of this person. Draw `prior` and `posterior` of each trait beside each other.

    scores_used     how many scores moved the belief; one from before the first drug moves nothing
    is_converged    the best place was found (gradient at most 1e-6); if not, nothing was learned: posterior is prior
    stated_percent  90 if simulated patients bear that out, whichever model is true; else None: draw, name no share
    """

    model: str
    sampling: Sampling
    traits: tuple[LearnedTrait, ...]
    scores_used: int
    is_converged: bool
    gradient_norm: float
    stated_percent: int | None
    findings: tuple[Finding, ...]
    belief: Normal


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedTrait:
    """One of the four that may move: its unit, why it was believed before what it was, and what is believed now."""

    trait: Trait
    unit: str
    basis: str
    prior: Belief
    posterior: Belief


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """One belief of a course at times (t,). Levels, ng/mL of `drug`; detachment 0 to 10, and the band of its scores."""

    plasma_ng_per_ml: Array
    effect_site_ng_per_ml: Array
    detached: Array
    score_lower: Array
    score_upper: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlooks:
    """A course as believed before and after the scores were seen, over the same minutes. Estimated, not measured."""

    t_min: Array
    drug: Drug
    prior: Outlook
    posterior: Outlook
    stated_percent: int | None
