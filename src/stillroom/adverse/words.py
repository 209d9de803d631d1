"""What each code of an adverse event is called, on the form and wherever it is read."""

from __future__ import annotations

from stillroom.core.safety.adverse import Action, Criterion, Grade, Outcome

GRADES = {
    Grade.MILD: "Mild: noticed, nothing was needed",
    Grade.MODERATE: "Moderate: something small was needed, or the day was limited by it",
    Grade.SEVERE: "Severe: hospital, or could not look after themselves, but not in danger of death",
    Grade.LIFE_THREATENING: "In danger of death: something had to be done at once",
    Grade.DIED: "Died of it",
}
CRITERIA = {
    Criterion.DIED: "They died",
    Criterion.LIFE_THREATENING: "They were in danger of death at the time",
    Criterion.HOSPITAL: "Admitted to hospital, or kept there longer",
    Criterion.LASTING: "Lasting or marked harm or disability",
    Criterion.UNBORN: "Harm to an unborn child",
    Criterion.OTHERWISE: "Otherwise important, in a clinician's judgement",
}
ACTIONS = {
    Action.WATCHED: "Watched longer",
    Action.SLOWED: "Drip slowed",
    Action.PAUSED: "Drip paused",
    Action.STOPPED: "Drip stopped",
    Action.MEDICINE: "Medicine or oxygen given",
    Action.AMBULANCE: "Ambulance, or sent to hospital",
    Action.OTHER: "Something else",
}
OUTCOMES = {
    Outcome.OVER: "Over",
    Outcome.GETTING_BETTER: "Getting better",
    Outcome.NOT_OVER: "Not over",
    Outcome.LEFT_SOMETHING: "Over, and something has stayed",
    Outcome.DIED: "Died",
    Outcome.UNKNOWN: "Not known",
}
