"""What is typed before a visit: the birth date at the door, a page of questions, and who gets a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from stillroom.core.safety.nausea import Said
from stillroom.core.safety.screening import QUESTIONS, Question
from stillroom.intake.consulting import SAYS
from stillroom.intake.models import AnswerReview, ConsultationText, OwnAnswer, SelfReferralPage, SentItem
from stillroom.intake.own_part import Reply
from stillroom.intake.questions import Asked
from stillroom.outcomes.models import Decision
from stillroom.patients.models import Answer, Patient
from stillroom.web.fields import DayField

FOUR = [(Answer.NOT_ASKED, "Not asked"), (Answer.UNKNOWN, "Not known"), (Answer.NO, "No"), (Answer.YES, "Yes")]
SAID = [(Answer.NO, "No"), (Answer.YES, "Yes"), (Answer.UNKNOWN, "Don't know")]


class WhenBorn(forms.Form):
    born = DayField(label="Your birth date", help_text="Day, month, year, such as 4 May 1985 or 04.05.1985.")


class OwnPage(forms.Form):
    """One page of questions. None must be answered; what is asked for in words after a "yes" is asked for once more."""

    def __init__(
        self,
        *args: Any,
        asked: Sequence[Asked],
        standing: Mapping[str, OwnAnswer],
        marks: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.marks = asked, marks
        for each in asked:
            before = standing.get(each.code)
            if not each.only_words:
                self.fields[each.code] = forms.ChoiceField(
                    choices=SAID, required=False, widget=forms.RadioSelect, initial=before.said if before else None
                )
            if each.only_words or each.asks_words:
                self.fields[f"{each.code}_words"] = forms.CharField(
                    required=False, max_length=2000, widget=forms.Textarea, initial=before.words if before else ""
                )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for each in (each for each in self.asked if each.asks_words):
            said, words = typed.get(each.code), typed.get(f"{each.code}_words")
            if said == Answer.YES and not words:
                self.add_error(f"{each.code}_words", forms.ValidationError("Which? As well as you know.", code="which"))
            if words and said != Answer.YES:
                self.add_error(each.code, forms.ValidationError("You wrote some below: is it yes?", code="both"))
        return typed

    @property
    def rows(self) -> list[tuple[Asked, forms.BoundField | None, forms.BoundField | None, str]]:
        """Each question with its fields, and the mark of the answer that the page shows to it."""
        return [
            (each, self._field(each.code), self._field(f"{each.code}_words"), self.marks.get(each.code, ""))
            for each in self.asked
        ]

    @property
    def seen(self) -> dict[str, str]:
        """Which answers the page that was sent had shown."""
        return {
            each.code: str(self.data[f"seen_{each.code}"]) for each in self.asked if f"seen_{each.code}" in self.data
        }

    @property
    def replies(self) -> dict[str, Reply]:
        return {each.code: self._reply(each) for each in self.asked}

    def _field(self, name: str) -> forms.BoundField | None:
        return self[name] if name in self.fields else None

    def _reply(self, asked: Asked) -> Reply:
        words = str(self.cleaned_data.get(f"{asked.code}_words", ""))
        if asked.only_words:
            return Reply(said=Answer.YES if words else Answer.NOT_ASKED, words=words)
        return Reply(said=self.cleaned_data[asked.code] or Answer.NOT_ASKED, words=words)


class Invitation(forms.Form):
    days = forms.TypedChoiceField(
        coerce=int, label="It opens for", choices=[(7, "a week"), (14, "two weeks"), (30, "a month")], initial=14
    )
    address = forms.EmailField(
        label="E-mail address",
        required=False,
        help_text="The letter has the link and nothing about health. Left empty, you hand the link over yourself.",
    )


class Reviews(forms.Form):
    """Each answer by itself: into the record, left out of it, or not decided yet."""

    def __init__(self, *args: Any, answers: Sequence[OwnAnswer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers = answers
        choices = [(AnswerReview.What.TAKEN, "Take into the record"), (AnswerReview.What.LEFT, "Read, leave out")]
        for each in answers:
            self.fields[str(each.pk)] = forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)

    @property
    def rows(self) -> list[tuple[OwnAnswer, forms.BoundField]]:
        return [(each, self[str(each.pk)]) for each in self.answers]

    @property
    def decided(self) -> list[tuple[OwnAnswer, AnswerReview.What]]:
        chosen = [(each, self.cleaned_data[str(each.pk)]) for each in self.answers]
        return [(each, AnswerReview.What(what)) for each, what in chosen if what]


class ConsultationForm(forms.Form):
    """What is written in a consultation, and the screening beside it. `seen` says which text the writer saw."""

    review = forms.CharField(required=False, max_length=8000, widget=forms.Textarea)
    examination = forms.CharField(required=False, max_length=8000, widget=forms.Textarea)
    assessment = forms.CharField(required=False, max_length=8000, widget=forms.Textarea)
    decision = forms.ChoiceField(choices=ConsultationText.Decision.choices, widget=forms.RadioSelect)
    because = forms.CharField(required=False, max_length=2000, widget=forms.Textarea)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, screening: Mapping[Question, Said], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.value] = forms.ChoiceField(
                choices=FOUR, initial=screening.get(question, Said.NOT_ASKED).value, show_hidden_initial=True
            )

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[question.value] for question in QUESTIONS]

    @property
    def said(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in SAYS}

    @property
    def answers(self) -> dict[str, str]:
        """Those that were changed on this page, and no others: a colleague may have asked one meanwhile."""
        return {each.value: self.cleaned_data[each.value] for each in QUESTIONS if each.value in self.changed_data}

    def answered_meanwhile(self, screening: Mapping[Question, Said]) -> list[tuple[str, str, str]]:
        """Where this page and a colleague changed one answer, each otherwise: the question, theirs, mine."""
        found = []
        for question, mine in ((each, self.answers.get(each.value)) for each in QUESTIONS):
            theirs, shown = screening.get(question, Said.NOT_ASKED), self.data.get(f"initial-{question.value}")
            if mine and mine != theirs and shown is not None and shown != theirs:
                found.append((question.value, Answer(theirs).label, Answer(mine).label))
        return found


class RiskAsked(forms.Form):
    """What was asked because an answer worried. The decision is made in any case; the questions may be left."""

    asked = ("thoughts", "plan", "means", "intent", "attempt")

    what = forms.ChoiceField(choices=Decision.What.choices, widget=forms.RadioSelect)
    words = forms.CharField(required=False, max_length=2000, widget=forms.Textarea)
    keeps_safe = forms.CharField(required=False, max_length=2000, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.asked:
            self.fields[name] = forms.ChoiceField(choices=FOUR, required=False, initial=Answer.NOT_ASKED)

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.asked]

    @property
    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] or Answer.NOT_ASKED for name in self.asked}


class SendRecords(forms.Form):
    """What somebody sends by their link. The files are taken from the request: what they are is judged by content."""

    sender = forms.CharField(label="Your name", max_length=120)
    reached_at = forms.CharField(label="Where you are reached", max_length=120, required=False)
    about_name = forms.CharField(label="The patient's name", max_length=160)
    about_born = DayField(label="The patient's birth date", help_text="Such as 4 May 1985 or 04.05.1985.")
    words = forms.CharField(
        label="What you want to say", max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class ComeYourself(forms.Form):
    """What somebody writes who refers themself. No question of health must be answered to be called back."""

    sender = forms.CharField(label="Your name", max_length=120)
    about_born = DayField(label="Your birth date", help_text="Such as 4 May 1985 or 04.05.1985.")
    reached_at = forms.CharField(
        label="Telephone or e-mail", max_length=120, help_text="Where the clinic can reach you."
    )
    words = forms.CharField(
        label="What you want the clinic to know",
        max_length=8000,
        required=False,
        help_text="As much as you like: who treats you now, what was tried, when to call. It can be nothing.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class SelfReferralForm(forms.ModelForm):  # type: ignore[type-arg]  # cannot be subscripted when it runs
    class Meta:
        model = SelfReferralPage
        fields = ["address", "is_open"]
        labels = {"address": "Its address", "is_open": "The page is open"}
        help_texts = {
            "address": "Small letters, figures and hyphens, such as quiet-rooms. Once changed, the old opens nothing."
        }


class AskForRecords(forms.Form):
    for_whom = forms.CharField(label="Who sends them", max_length=120, help_text="Such as Dr Weber, Quay Street.")
    days = forms.TypedChoiceField(
        coerce=int, label="It opens for", choices=[(7, "a week"), (14, "two weeks"), (30, "a month")], initial=14
    )


class ReadSent(forms.Form):
    """Whose it is, and each thing that was understood: into the record, or left out of it."""

    patient = forms.ModelChoiceField(queryset=Patient.objects.none(), label="Whose it is", widget=forms.RadioSelect)

    def __init__(self, *args: Any, patients: QuerySet[Patient], items: Sequence[SentItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["patient"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = patients
        self.items = items
        for item in items:
            self.fields[str(item.pk)] = forms.ChoiceField(
                choices=[(AnswerReview.What.TAKEN, "Take in"), (AnswerReview.What.LEFT, "Leave out")], required=False
            )

    @property
    def rows(self) -> list[tuple[SentItem, forms.BoundField]]:
        return [(item, self[str(item.pk)]) for item in self.items]

    @property
    def decided(self) -> list[tuple[SentItem, AnswerReview.What]]:
        chosen = [(item, self.cleaned_data[str(item.pk)]) for item in self.items]
        return [(item, AnswerReview.What(what)) for item, what in chosen if what]


class Call(forms.Form):
    with_whom = forms.CharField(label="With whom", max_length=120)
    day = DayField(label="On", help_text="Such as 4 May 1985 or 04.05.1985.")
    words = forms.CharField(label="What was said", max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError("This day has not come yet. Look again.", code="not_yet")
        return day
