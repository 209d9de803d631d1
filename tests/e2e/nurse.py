"""What a nurse does in the room, act by act, as the page words it. Each act is seen on the page before the next."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from stillroom.core.safety import ITEMS
from tests.bedside.house import House
from tests.e2e.hands import Finger, Hand, Keyboard


@dataclass
class Nurse:
    """Somebody at a live room, with a hand to work with."""

    hand: Hand
    house: House

    @property
    def page(self) -> Page:
        return self.hand.page

    def sees(self, words: str) -> None:
        """It stands among what was done."""
        expect(self.page.locator("#log")).to_contain_text(words)

    def step(self, words: str) -> Locator:
        """A line of a list of things to do, before the drip or before going home."""
        return self.page.locator("ul.way > li", has_text=words)

    def press_at_step(self, words: str) -> None:
        self.hand.press_on(self.step(words).get_by_role("button").first)

    # --- before the drip

    def lets_in(self) -> None:
        self.hand.press("Has arrived")
        self.sees("Arrived")

    def asks_everything(self) -> None:
        self.hand.press("Ask")
        for item in ITEMS:
            question = self.page.locator(f"#question-{item.value}")
            self.hand.press_on(question.locator("button[value=fine]"))
            expect(question.locator("button[value=fine]")).to_have_attribute("aria-pressed", "true")
        self.hand.record("Done")
        expect(self.step(f"Questions: {len(ITEMS)} of {len(ITEMS)} answered")).to_be_visible()

    def measures(self, figures: str = "118746698", opener: str = "Vital signs") -> None:
        """One set by hand: pressures, pulse, saturation, in figures that run on from field to field."""
        self.hand.press(opener)
        if isinstance(self.hand, Finger):
            for figure in figures:
                self.page.locator(f"#act-vitals [data-key='{figure}']").tap()
        else:
            self.page.keyboard.type(figures)
        self.hand.record("Record")
        self.sees("Vital signs: ")

    def looks_before_the_start(self) -> None:
        self.hand.press("Look")
        self.hand.choose("Alert", under="Awake")
        self.hand.write("Breaths in a minute", "14")
        self.hand.choose("0", under="Detached")
        self.hand.record("Record")
        self.sees("Watched: alert, 14 breaths, detached 0")

    def places_line(self) -> None:
        self.press_at_step("Line placed")
        self.hand.choose("Left forearm")
        self.hand.record("Record the line")
        self.sees("Line placed, left forearm")

    def makes_bag(self) -> None:
        self.press_at_step("Bag made")
        self.hand.choose("50 mg/mL")
        self.hand.write("Drug drawn up", "0.7")
        self.hand.write("Bag, as labelled", "100")
        self.hand.write("Overfill", "0")
        self.hand.write("Fluid taken out first", "0.7")
        self.hand.record("Record the bag")
        self.sees("Bag made: 35 mg in 100 mL")

    def checks_bag(self) -> None:
        self.hand.press("Check")
        expect(self.hand.sheet).to_contain_text("Ketamine")
        self.hand.record("All four agree")
        self.sees("Bag checked")

    def hangs_bag(self) -> None:
        self.press_at_step("Bag hung")
        self.hand.choose("Drug")
        self.hand.write("The line holds", "15")
        self.hand.record("Record it")
        self.sees("Bag hung, line of 15 mL primed with drug")

    def makes_ready(self) -> None:
        self.hand.press("Make ready")
        self.hand.write("Family name", self.house.cast.patient.family_name)
        self.hand.write("Born", "4 May 1985")
        self.hand.record("Ready")
        self.sees("Ready: name and birth date said by the patient")

    # --- the drip

    def turns_sound_on(self) -> None:
        """Hears it, and says so; the server knows then that this room can be heard."""
        self.hand.press("Turn sound on and hear it")
        with self.page.expect_response(lambda answer: answer.url.endswith("/shown")):
            self.hand.press("Yes, I heard them")
        expect(self.page.get_by_text("Sound is off on this screen.")).to_be_hidden()

    def starts_without_a_monitor(self) -> None:
        """The sheet of the start says that nothing sends a saturation here, and asks how it is measured."""
        self.hand.press("I start it now")
        expect(self.hand.sheet).to_contain_text("No monitor sends saturation here: it is due with each look.")
        self.hand.write("Why it may start (optional)", "A finger meter, with each look")
        self.hand.record("I start it now")

    def starts(self) -> None:
        self.turns_sound_on()
        self.hand.press("Start the drip")
        self.starts_without_a_monitor()
        expect(self.page.locator("#doubt")).to_contain_text("Open the clamp, set it to 50 drops/min, then confirm.")
        self.hand.press("Done: it runs so")
        self.sees("Drip started")
        expect(self.page.locator("#doubt .doubt-ask:visible")).to_have_count(0)

    def watches(self) -> None:
        self.hand.press("Watch")
        self.hand.choose("Drowsy, answers")
        self.hand.choose("6", under="Detached")
        self.hand.choose("2", under="Anxious")
        self.hand.choose("0", under="Nauseous")
        self.hand.choose("Good", under="Line site")
        self.hand.record("Record")
        self.sees("detached 6, anxious 2, nauseous 0, line site good")

    def says_how_the_patient_is(self, *, anxious: int = 1, nauseous: int = 0) -> None:
        self.hand.press("Watch")
        self.hand.choose("Drowsy, answers")
        self.hand.choose("5", under="Detached")
        self.hand.choose(str(anxious), under="Anxious")
        self.hand.choose(str(nauseous), under="Nauseous")
        self.hand.choose("Good", under="Line site")
        self.hand.record("Record")
        self.sees(f"detached 5, anxious {anxious}, nauseous {nauseous}, line site good")

    def sets_comfort(self, item: str, choice: str, words: str) -> None:
        """One tap on the sheet, which stays open for the next."""
        self.hand.press("Change")
        self.hand.sheet.wait_for()
        self.hand.press_on(self.hand.sheet.locator(f"#comfort-{item} button[value={choice}]"))
        self.sees(words)
        self.hand.press("Done")
        expect(self.hand.sheet).to_have_count(0)

    def calms(self, step: str, words: str) -> None:
        """With one of the steps, and says that it helped."""
        self.hand.press("Frightened")
        self.hand.sheet.wait_for()
        self.hand.press_on(self.hand.sheet.locator(f"#calm-{step} .calm-step button"))
        self.sees(words)
        self.hand.press_on(self.hand.sheet.locator(f"#calm-{step} button[value=helped]"))
        self.sees("helped")
        self.hand.press("Done")
        expect(self.hand.sheet).to_have_count(0)

    def writes_count(self, *, drops: str, seconds: str) -> None:
        """One that was taken with a watch."""
        self.hand.press("Count drops")
        self.hand.sheet.wait_for()
        self.hand.unfold("Write the count instead")
        self.hand.write("Drops", drops)
        self.hand.write("In", seconds)
        self.hand.record("Record the count")
        self.sees(f"({drops} in {seconds} s")

    def sees_stream(self) -> None:
        self.hand.press("Count drops")
        self.hand.sheet.wait_for()
        self.hand.record("A stream, not drops")

    def moves_arm(self) -> None:
        self.hand.press("Arm, chair or bag was moved")
        self.sees("Arm, chair or bag moved: count again")

    def counts_drops(self) -> None:
        self.hand.press("Count drops")
        pad = self.page.locator("[data-tap-drop]")
        for _ in range(4):
            if isinstance(self.hand, Keyboard):
                expect(pad).to_be_focused()
                self.page.keyboard.press("Space")
            else:
                self.hand.press_on(pad)
            self.page.wait_for_timeout(450)
        expect(self.page.locator("[data-tap-count]")).to_have_text("3 drops")
        self.hand.record("Record the count")
        self.sees("(3 in ")

    def reads_bag(self, left_ml: str) -> None:
        self.hand.press("Read the bag")
        self.hand.write("Left in the bag", left_ml)
        self.hand.record("Record the reading")
        self.sees(f"Bag reads {left_ml} mL")

    def sets_rate(self, rate_ml_per_h: str) -> None:
        self.hand.press("Record new rate")
        self.hand.write("New rate", rate_ml_per_h)
        self.hand.record("I set it now")
        expect(self.page.locator("#doubt")).to_contain_text("then confirm")
        self.hand.press("Done: it runs so")
        self.sees("New rate set")

    def pauses(self) -> None:
        self.hand.press("Record pause")
        expect(self.page.locator("#doubt")).to_contain_text("Close the clamp for now, then say so.")
        self.hand.press("Clamp closed")
        self.sees("Paused, clamp closed")

    def resumes(self) -> None:
        self.hand.press("Resume")
        self.hand.record("I resume it now")
        self.hand.press("Done: it runs so")
        self.sees("Resumed")

    def notes(self, words: str) -> None:
        self.hand.press("Write a note")
        self.hand.write("Note", words)
        self.hand.record("Record the note")
        self.sees(f"Note: {words}")

    def gives_medicine(self) -> None:
        self.hand.press("Record a medicine")
        self.hand.write("Medicine", "Ondansetron")
        self.hand.write("Amount", "4")
        self.hand.choose("mg", under="Unit")
        self.hand.choose("Into the line", under="How")
        self.hand.write("Why", "feels sick")
        self.hand.record("Record it as given")
        self.sees("Ondansetron 4 mg given, into the line: feels sick")

    def corrects_bag_reading(self, wrong_ml: str, right_ml: str) -> None:
        line = self.page.locator("#log > li", has_text=f"Bag reads {wrong_ml} mL")
        line.hover()
        self.hand.press_on(line.get_by_role("button"))
        self.hand.sheet.wait_for()
        self.hand.choose("What I write here")
        self.hand.write("Left in the bag", right_ml)
        self.hand.write("Why", "read again at eye level")
        self.hand.record("Record the correction")
        self.sees(f"Bag reads {right_ml} mL")
        expect(line).to_have_class("is-struck")

    def takes_room(self) -> None:
        self.hand.press(f"I take {self.house.cast.room.name}")
        self.sees("Took the room")

    def stops(self) -> None:
        self.hand.press("Stop: close the clamp now")
        expect(self.page.locator("#doubt .doubt-ask:visible").first).to_contain_text("Close the clamp now")
        self.sees("Stop pressed")

    def closes_clamp(self) -> None:
        self.hand.press("Clamp closed")
        self.sees("Stopped, clamp closed")
        expect(self.page.locator("#drip")).to_contain_text("Stopped")

    def ends(self, left_ml: str) -> None:
        self.hand.press("End: read what is left")
        self.hand.write("Left in the bag", left_ml)
        self.hand.record("End the infusion")
        self.sees(f"Ended, {left_ml} mL left in the bag")

    # --- going home

    def checks_recovery(self, *, effects_gone: bool) -> None:
        self.hand.press("Record a check")
        self.hand.choose("Alert", under="Awake")
        self.hand.choose("Yes", under="Knows where they are, and the day")
        self.hand.choose("Yes", under="Breathing steady")
        self.hand.choose("Yes", under="On room air, no oxygen given")
        self.hand.choose("No", under="Vomiting")
        self.hand.choose("Yes" if effects_gone else "No", under="All effects gone, they say and it shows")
        self.hand.choose("0", under="Detached")
        self.hand.choose("Steady", under="On their feet")
        for label, figure in (("upper", "120"), ("lower", "76")):
            self.hand.write(f"Pressure, {label}", figure)
        self.hand.write("Pulse", "70")
        self.hand.write("Oxygen saturation", "98")
        self.hand.record("Record the check")
        self.sees("Recovery check: alert, oriented, breathing steady")

    def prepares_for_home(self) -> None:
        self.press_at_step("Line out")
        self.sees("Line is out")
        self.press_at_step("Risk question settled")
        self.hand.choose("No concern")
        self.hand.record("Record")
        self.sees("Thoughts of suicide asked about: no concern")
        self.press_at_step("Written instructions given")
        self.sees("Written instructions given and talked through")
