"""The form behind each sheet: its fields, and that numbers are numbers. Rules are the core's, words the templates'."""

from collections.abc import Mapping

from stillroom.bedside.forms.alarms import LimitForm, PauseSoundForm
from stillroom.bedside.forms.before import (
    BagForm,
    HangForm,
    IdentifiersForm,
    LineForm,
    NamingForm,
    PreflightForm,
    ReadyForm,
)
from stillroom.bedside.forms.drip import (
    BagReadForm,
    CountForm,
    EndForm,
    FlushForm,
    IntentForm,
    PumpForm,
    RateForm,
    RateWasSetForm,
    ResumeForm,
    StartForm,
    WasSetForm,
)
from stillroom.bedside.forms.leaving import (
    AdultForm,
    AgreeForm,
    AldreteForm,
    CheckForm,
    ClearForm,
    HospitalForm,
    OverrideForm,
    PadssForm,
    PressureForm,
    RiskForm,
    SignForm,
)
from stillroom.bedside.forms.seen import (
    AgreeReassignmentForm,
    CalmForm,
    ComfortForm,
    CorrectForm,
    DismissForm,
    EffectForm,
    HandOverForm,
    HelpStepForm,
    MedicineForm,
    NameSecondForm,
    NoteForm,
    ReassignForm,
    VitalsForm,
    WatchForm,
)
from stillroom.bedside.forms.what import ActForm, AlarmForm, ReasonForm
from stillroom.bedside.sheets import Act

FORMS: dict[Act, type[ActForm]] = dict.fromkeys(Act, ActForm) | {
    Act.PREFLIGHT: PreflightForm,
    Act.PLACE_LINE: LineForm,
    Act.MAKE_BAG: BagForm,
    Act.HANG_BAG: HangForm,
    Act.READY: ReadyForm,
    Act.CHECK_PATIENT: IdentifiersForm,
    Act.CONFIRM_NAMING: NamingForm,
    Act.ABANDON: ReasonForm,
    Act.START: StartForm,
    Act.CONFIRM: IntentForm,
    Act.NOT_DONE: IntentForm,
    Act.COUNT_DROPS: CountForm,
    Act.READ_PUMP: PumpForm,
    Act.READ_BAG: BagReadForm,
    Act.NEW_RATE: RateForm,
    Act.RESUME: ResumeForm,
    Act.FLUSH_LINE: FlushForm,
    Act.END: EndForm,
    Act.VITALS: VitalsForm,
    Act.WATCH: WatchForm,
    Act.MEDICINE: MedicineForm,
    Act.COMFORT: ComfortForm,
    Act.CALM: CalmForm,
    Act.EFFECT: EffectForm,
    Act.DISMISS_ADVICE: DismissForm,
    Act.NOTE: NoteForm,
    Act.CORRECT: CorrectForm,
    Act.HAND_OVER: HandOverForm,
    Act.REASSIGN: ReassignForm,
    Act.AGREE_REASSIGNMENT: AgreeReassignmentForm,
    Act.NAME_SECOND: NameSecondForm,
    Act.ACKNOWLEDGE: AlarmForm,
    Act.PAUSE_SOUND: PauseSoundForm,
    Act.SOUND_BACK: AlarmForm,
    Act.CHANGE_LIMIT: LimitForm,
    Act.HELP_STEP: HelpStepForm,
    Act.CHECK: CheckForm,
    Act.SCORE_ALDRETE: AldreteForm,
    Act.SCORE_PADSS: PadssForm,
    Act.OVERRIDE_DOOR: OverrideForm,
    Act.AGREE_OVERRIDE: AgreeForm,
    Act.ACCEPT_PRESSURE: PressureForm,
    Act.SETTLE_RISK: RiskForm,
    Act.GO_WITH_ADULT: AdultForm,
    Act.GO_WHEN_CLEAR: ClearForm,
    Act.TO_HOSPITAL: HospitalForm,
    Act.SIGN: SignForm,
}

CORRECTING: Mapping[Act, type[ActForm]] = FORMS | {
    Act.START: WasSetForm,
    Act.NEW_RATE: RateWasSetForm,
    Act.RESUME: WasSetForm,
}
"""As above where an entry is put right: what was set is a number, and why it was wrong is asked for once."""

__all__ = ["CORRECTING", "FORMS"]
