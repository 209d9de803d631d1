"""Comfort, calming and advice on the page: one tap each, in the log, never an alarm's colour or place."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.comfort import CHOICES
from stillroom.outcomes.models import Wishes
from tests.bedside.house import House, planned
from tests.cast import Cast, at_display, signed_in


@pytest.fixture
def house(cast: Cast) -> House:
    return planned(cast).start()


@pytest.fixture
def ben(cast: Cast) -> Client:
    return signed_in(cast.ben)


def shown(house: House, client: Client) -> str:
    return " ".join(client.get(house.href).content.decode().split())


def test_as_wished_takes_what_the_record_says_and_is_offered_until_it_is_so(
    cast: Cast, house: House, ben: Client
) -> None:
    assert "Set as wished" not in shown(house, ben)
    assert house.post(ben, "as-wished").status_code == 422
    with clinic_scope(cast.clinic.pk):
        Wishes.objects.create(
            clinic=cast.clinic,
            patient=cast.patient,
            lights="low",
            talk="Say it passes.",
            intention="rest",
        )
    assert "Set as wished" in shown(house, ben)
    house.done(ben, "as-wished")
    chosen = {item: seen.fact.choice for item, seen in house.state.comfort.items()}
    assert chosen == {"lights": "low", "talk": "Say it passes."}
    assert "Set as wished" not in shown(house, ben)


@pytest.mark.parametrize(("item", "lively", "calm"), [("music", "lively", "calm"), ("energy", "high", "low")])
def test_lively_music_is_cautioned_against_where_it_is_chosen_and_nowhere_else(
    house: House, ben: Client, item: str, lively: str, calm: str
) -> None:
    caution = "Lively music can be too much and turn unpleasant."
    assert caution not in shown(house, ben)
    house.done(ben, "comfort", item=item, choice=lively)
    assert shown(house, ben).count(caution) == 1
    house.done(ben, "comfort", item=item, choice=calm)
    assert caution not in shown(house, ben)


def test_every_choice_of_the_table_is_one_tap_and_what_was_not_asked_says_so(house: House, ben: Client) -> None:
    html = shown(house, ben)
    for item, codes in CHOICES.items():
        row = re.search(rf'<li class="asked comfort-row" id="comfort-{item}">.*?</li>', html)
        assert row, item
        assert re.findall(r'name="choice" value="(\w+)"', row[0]) == list(codes)
        assert "not asked" in row[0]
    house.done(ben, "comfort", item="touch", choice="unknown")
    assert "Asked about touch, the patient could not say" in shown(house, ben)
    house.done(ben, "comfort", item="touch", choice="no")
    html = shown(house, ben)
    assert "No touch was agreed." in html
    assert 'id="calm-hand"' not in html


def test_the_words_that_calm_are_shown_large_and_what_was_tried_can_be_said_to_have_helped(
    house: House, ben: Client
) -> None:
    house.done(ben, "comfort", item="talk", words="I am in Room 1 and safe.")
    assert '<p class="spoken">I am in Room 1 and safe.</p>' in shown(house, ben)
    house.done(ben, "calm", step="eyes")
    house.done(ben, "effect", of_seq=str(house.state.calmed[-1].seq), effect="helped")
    assert "Opening the eyes helped" in shown(house, ben)


def test_a_medicine_is_asked_about_under_next(house: House, ben: Client) -> None:
    given = {"name": "ondansetron", "amount": "4", "unit": "mg", "route": "iv", "reason": "sick"}
    house.done(ben, "medicine", **given)
    assert "Did ondansetron help?" in shown(house, ben)
    house.done(ben, "effect", of_seq=str(house.state.medicines[-1].seq), effect="no_difference")
    html = shown(house, ben)
    assert "Did ondansetron help?" not in html
    assert "ondansetron made no difference" in html


def test_advice_is_dismissed_with_one_tap_by_staff_and_the_alarm_stays(cast: Cast, house: House, ben: Client) -> None:
    house.record(e.PatientWatched(awake=e.Awake.ALERT, anxious=6))
    section = re.search(r'<section class="([^"]*)" data-advice="fright">.*?</section>', shown(house, ben))
    assert section
    assert section[1] == "notice asks advice"
    assert "dismiss-advice" not in shown(house, at_display(cast))
    assert house.post(at_display(cast), "dismiss-advice", code="fright", level="6").status_code == 403
    house.done(ben, "dismiss-advice", code="fright", level="6", reason="breathing with Jo")
    html = shown(house, ben)
    assert 'data-advice="fright"' not in html
    assert "Advice dismissed: fright: breathing with Jo" in html


def dismissed_as_drawn(house: House, ben: Client, code: str) -> None:
    """One tap: what the page has in the form of this advice, and nothing typed."""
    section = re.search(rf'data-advice="{code}">.*?</section>', shown(house, ben), re.DOTALL)
    assert section, code
    drawn = dict(re.findall(r'name="(code|level)" value="([^"]*)"', section[0]))
    house.done(ben, "dismiss-advice", **drawn)
    assert f'data-advice="{code}"' not in shown(house, ben)


def test_a_drip_three_times_as_fast_as_set_is_dismissed_with_one_tap_too(house: House, ben: Client) -> None:
    """450 mL/h where 150 are set is 200 hundredths too fast."""
    house.done(ben, "count-drops", drops="75", seconds="30")
    dismissed_as_drawn(house, ben, "ahead")
    assert house.state.dismissed["ahead"].level >= 200


def test_one_tap_dismisses_these_signs_and_a_low_pressure_that_comes_after_is_said(house: House, ben: Client) -> None:
    house.record(e.PatientWatched(awake=e.Awake.ALERT, nauseous=7))
    dismissed_as_drawn(house, ben, "too_fast")
    assert "Advice dismissed: too fast for the patient" in shown(house, ben)
    house.done(ben, "vitals", sbp_mmhg="85", dbp_mmhg="50", pulse_per_min="60")
    html = shown(house, ben)
    assert "nauseous 7 of 10, upper pressure 85, under 90." in re.sub(r"\s+", " ", html)
    dismissed_as_drawn(house, ben, "too_fast")


def test_a_doubtful_line_site_is_paused_for_looked_at_and_replaced_from_one_place(house: House, ben: Client) -> None:
    house.done(ben, "watch", awake="alert", line_site="doubtful")
    html = shown(house, ben)
    section = re.search(r'<section class="([^"]*)" data-advice="line_site">.*?</section>', html, re.DOTALL)
    assert section
    assert section[1] == "notice asks advice"
    assert "Look at the arm: swollen, hard, cool, red or sore?" in section[0]
    assert 'data-act="pause"' in section[0]
    assert 'data-opens="act-place-line"' in section[0]
    assert 'id="act-place-line"' in html
    dismissed_as_drawn(house, ben, "line_site")
    assert "Advice dismissed: line site doubtful" in shown(house, ben)
    house.done(ben, "place-line", site="right forearm")
    assert house.state.line_site is None
    assert 'id="act-place-line"' not in shown(house, ben)


def test_who_is_not_woken_has_the_level_that_was_seen_and_both_at_once_are_refused(house: House, ben: Client) -> None:
    assert "Awake</dt><dd>not seen yet" in shown_after(house, ben, not_woken="on", breaths_per_min="12")
    assert "Watched, not woken, 12 breaths" in shown(house, ben)
    assert house.state.roused is None
    assert re.search(r"Awake</dt><dd>drowsy, answers\s*</dd>", shown_after(house, ben, awake="drowsy_answers"))
    html = shown_after(house, ben, not_woken="on", breaths_per_min="11")
    assert re.search(r'Awake</dt><dd>drowsy, answers <span class="soft">at \d\d:\d\d</span>', html)
    refused = house.post(ben, "watch", awake="alert", not_woken="on")
    assert refused.status_code == 422
    assert "Who was not woken was asked nothing" in refused.content.decode()
    assert "Say how awake they are" in house.post(ben, "watch", breaths_per_min="12").content.decode()


def shown_after(house: House, client: Client, **look: str) -> str:
    house.done(client, "watch", **look)
    return shown(house, client)


def test_slower_is_one_tap_for_somebody_frightened_and_is_an_intent_to_confirm(house: House, ben: Client) -> None:
    """To the next usual mark below what is set: three quarters of 150 mL/h in whole drops of 20 to the mL."""
    house.record(e.PatientWatched(awake=e.Awake.ALERT, anxious=8))
    html = shown(house, ben)
    assert html.count('data-advice="fright"') == 1
    assert 'data-advice="too_fast"' not in html
    tap = re.search(
        r'data-act="new-rate">(?:(?!</form>).)*name="rate_ml_per_h" value="111"(?:(?!</form>).)*</form>', html
    )
    assert tap
    assert "Slower: 37 drops/min" in tap[0]
    house.done(ben, "new-rate", rate_ml_per_h="111")
    assert house.log[-1].kind == "RateIntended"
    assert "Slower: 37 drops/min" not in shown(house, ben)
