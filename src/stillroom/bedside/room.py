"""What the live room's page shows at one moment: the page and every fragment of its stream are drawn from this.

Words are in the templates (bedside/templates/bedside); here are facts and codes. Whoever fills a `RoomView` decides
what is so at `at`; the browser only lets ages grow and hides what has become too old (docs/stream.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from stillroom.bedside import parts as p
from stillroom.bedside.sheets import Act, Sheet
from stillroom.core.drip.pump import PumpEvent
from stillroom.core.infusion.state import OVER, Status
from stillroom.core.order import Antiemetic
from stillroom.core.safety.advice import Advice
from stillroom.core.vitals import MonitorAlarm
from stillroom.web.charts import FanDrawing, VitalsDrawing


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """The whole page at entry `seq`, as it was at `at`. `href` ends with a slash; acts are posted below it."""

    infusion_id: UUID
    href: str
    seq: int
    at: datetime
    status: Status
    who: p.Who
    link: p.Link
    acts: frozenset[Act]
    keeper: str | None = None
    offer: p.RoomOffer | None = None
    began_at: datetime | None = None
    tiles: tuple[p.Tile, ...] = ()
    monitor_alarms: tuple[MonitorAlarm, ...] = ()
    pump: PumpEvent | None = None
    seems: p.Seems = field(default_factory=p.Seems)
    course: FanDrawing | None = None
    vitals: VitalsDrawing | None = None
    log: tuple[p.LogLine, ...] = ()
    drip: p.Drip | None = None
    doubt: p.Doubt | None = None
    named: tuple[p.NamedPrescriber, ...] = ()
    reassigned: p.ReassignedView | None = None
    alarms: tuple[p.OpenAlarm, ...] = ()
    advice: tuple[Advice, ...] = ()
    help: p.Help | None = None
    before: tuple[p.Step, ...] = ()
    home: p.WayHome | None = None
    comfort: tuple[p.ComfortRow, ...] = ()
    calming: tuple[p.CalmRow, ...] = ()
    company: p.Company | None = None
    antiemetic: Antiemetic | None = None
    wishes: tuple[tuple[str, str], ...] = ()
    harm_said_at: datetime | None = None
    next: tuple[p.NextThing, ...] = ()
    questions: tuple[p.Question, ...] = ()
    plan: p.BagPlan | None = None
    label: p.BagLabel | None = None
    rates: tuple[p.RateStep, ...] = ()
    slower: p.RateStep | None = None
    limits: tuple[p.LimitNow, ...] = ()
    in_hand: tuple[p.VialsInHand, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    sounds: bool = False
    patient_id: UUID | None = None
    board_href: str = "/board/"

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def set_comfort(self) -> tuple[p.ComfortRow, ...]:
        return tuple(row for row in self.comfort if row.choice is not None)

    @property
    def may_set_as_wished(self) -> bool:
        """Something was wished for that is not set so."""
        return any(row.wished and row.choice != row.wished for row in self.comfort)

    @property
    def talk(self) -> p.ComfortRow | None:
        """Words that calm: as somebody wrote them down here, and what the patient wrote of words beforehand."""
        return next((row for row in self.comfort if row.item == "talk"), None)

    @property
    def touch(self) -> str | None:
        """What was agreed of touch; None: nobody has asked."""
        return next((row.choice for row in self.comfort if row.item == "touch"), None)
