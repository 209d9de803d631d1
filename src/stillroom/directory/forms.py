"""What a clinic types when it applies or renews. What is not understood is refused."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stillroom.directory.applying import PLACE_FIELDS
from stillroom.directory.criteria import CONTINUOUS, LONGEST_WORDS, Criterion, Kind, criteria
from stillroom.directory.plainly import is_phone, is_plain, is_web_address
from stillroom.directory.towns import Town, towns_called

UNSEEN = _("This has signs in it that cannot be seen. Type it anew, rather than pasting it.")
NO_TOWN = _(
    "We don’t know this town. Look at the spelling, name the nearest larger one, or give the coordinates below."
)
SEVERAL = _("There are several towns of that name. Choose yours.")
BOTH_COORDINATES = _("Give both coordinates, or neither.")


class Plain(forms.CharField):
    """Words of which every sign can be seen."""

    def __init__(self, *, lines: int = 1, **options: Any) -> None:
        self.lines = lines
        if lines > 1:
            options.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(**options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not is_plain(value, lines=self.lines > 1):
            raise ValidationError(UNSEEN, code="unseen_signs")


class Every(Plain):
    """Continuously, or minutes."""

    def to_python(self, value: Any) -> str:
        typed = (super().to_python(value) or "").strip()
        return (
            CONTINUOUS
            if typed.casefold() in (CONTINUOUS, "continuously", gettext("Continuously").casefold())
            else typed
        )


def answer_field(criterion: Criterion) -> forms.Field:
    must = criterion.is_required
    if criterion.kind is Kind.CHOICE:
        choices = [(answer, _(words)) for answer, words in criterion.choices.items()] + (
            [] if must else [("", _("We don’t say"))]
        )
        return forms.ChoiceField(
            label=_(criterion.question),
            required=must,
            choices=choices,
            widget=forms.RadioSelect,
            initial=None if must else "",
        )
    if criterion.kind is Kind.EVERY:
        hint = _("“Continuously”, or the minutes as a whole number, as in 5.")
        return Every(label=_(criterion.question), required=must, max_length=20, help_text=hint)
    return Plain(label=_(criterion.question), required=must, max_length=LONGEST_WORDS, lines=3)


class Clinic(forms.Form):
    """A clinic's application or renewal: where it is, whom to write to, and an answer to each criterion."""

    name = Plain(label=_("Name of the clinic"), max_length=120)
    street = Plain(label=_("Street and number"), max_length=200, required=False)
    town = Plain(label=_("Town"), max_length=80)
    country = Plain(label=_("Country"), max_length=80)
    which = forms.ChoiceField(label=_("Which of these towns?"), widget=forms.RadioSelect, required=False)
    north = forms.DecimalField(
        label=_("Degrees north"), min_value=-90, max_value=90, max_digits=6, decimal_places=4, required=False,
        help_text=_("Only if your town is not known here. South is negative, as in -33.8688."),
    )  # fmt: skip
    east = forms.DecimalField(
        label=_("Degrees east"), min_value=-180, max_value=180, max_digits=7, decimal_places=4, required=False,
        help_text=_("West is negative, as in -6.2603."),
    )  # fmt: skip
    phone = Plain(label=_("Telephone"), max_length=40, required=False)
    website = Plain(label=_("Web address"), max_length=200, required=False, help_text=_("As in https://clinic.example"))
    contact_name = Plain(label=_("Who writes this"), max_length=120, help_text=_("Not published."))
    contact_email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("Not published. We send a link there, to know that it is yours.")
    )

    def __init__(self, *args: Any, is_renewal: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.criteria = criteria()
        if is_renewal:
            del self.fields["contact_email"]
        for criterion in self.criteria.criteria:
            self.fields[f"answer_{criterion.code}"] = answer_field(criterion)
            self.fields[f"note_{criterion.code}"] = Plain(
                label=format_lazy(_("Anything to add about: {criterion}"), criterion=_(criterion.title)),
                required=False,
                max_length=LONGEST_WORDS,
                lines=2,
            )
        self.towns = self._towns()
        which: Any = self.fields["which"]
        which.choices = [(str(number), str(town)) for number, town in enumerate(self.towns)]

    @property
    def asks_which_town(self) -> bool:
        return len(self.towns) > 1

    @property
    def questions(self) -> list[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        return [(each, self[f"answer_{each.code}"], self[f"note_{each.code}"]) for each in self.criteria.criteria]

    @property
    def typed(self) -> dict[str, Any]:
        """What is kept: plain text, as it was understood."""
        found = self.cleaned_data
        kept = {name: str(found.get(name) or "") for name in PLACE_FIELDS} | self._where()
        answers = {
            each.code: {"answer": found[f"answer_{each.code}"], "note": found[f"note_{each.code}"]}
            for each in self.criteria.criteria
            if found[f"answer_{each.code}"]
        }
        return kept | {"answers": answers, "criteria_version": self.criteria.version}

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed and not is_phone(typed):
            raise ValidationError(
                _("Write the number as it is dialled from abroad, as in +353 1 555 0100."), code="phone"
            )
        return typed

    def clean_website(self) -> str:
        typed: str = self.cleaned_data["website"]
        if typed and not is_web_address(typed):
            raise ValidationError(_("Write the whole address, as in https://clinic.example"), code="website")
        return typed

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for criterion in self.criteria.criteria:
            name = f"answer_{criterion.code}"
            if found.get(name) and not criterion.is_an_answer(found[name]):
                self.add_error(
                    name, ValidationError(_("Write “Continuously”, or whole minutes from 1 to 240."), code="every")
                )
        self._judge_place(found)
        return found

    def _judge_place(self, found: dict[str, Any]) -> None:
        given = [found.get("north") is not None, found.get("east") is not None]
        if "north" in self.errors or "east" in self.errors or "town" in self.errors or "country" in self.errors:
            return
        if any(given) and not all(given):
            self.add_error("north" if not given[0] else "east", ValidationError(BOTH_COORDINATES, code="both"))
        elif not any(given) and not self.towns:
            self.add_error("town", ValidationError(NO_TOWN, code="no_such_town"))
        elif not any(given) and self.asks_which_town and not found.get("which"):
            self.add_error("which", ValidationError(SEVERAL, code="several_towns"))

    def _towns(self) -> Sequence[Town]:
        if not self.is_bound:
            return ()
        town, country = (str(self.data.get(name, "")) for name in ("town", "country"))
        named = towns_called(f"{town}, {country}") if town.strip() and country.strip() else ()
        return [each for each in named if each.name.casefold() == town.strip().casefold()] or named

    def _where(self) -> dict[str, str]:
        found = self.cleaned_data
        if found["north"] is not None:
            return {"north": str(found["north"]), "east": str(found["east"])}
        town = self.towns[int(found["which"] or 0)]
        exactly = (Decimal(str(each)).quantize(Decimal("0.0001")) for each in (town.place.north, town.place.east))
        north, east = exactly
        return {"town": town.name, "country": town.country, "north": str(north), "east": str(east)}
