"""Who asks, for which clinic, and how far have they proved it?

Three proofs are looked at, the strongest first: a sign-in, a PIN on an enrolled display, the enrolled display alone.
Before the last stands what proves nothing and is marked everywhere: emergency access, to one infusion. The first that
satisfies the rule of the view speaks for the request, and only the rows of its clinic are opened.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from stillroom.clinics import clock
from stillroom.clinics.access import PATIENT, SECOND_SIGNER, Rule
from stillroom.clinics.displays import DISPLAY_COOKIE, display_of, staff_who_took_over
from stillroom.clinics.emergency import emergency_at
from stillroom.clinics.models import Clinic, Display, EmergencyAccess, Person, Role, SecondSigner, Staff
from stillroom.clinics.rows import close_rows, open_clinic, open_person
from stillroom.core.infusion.commands import Author
from stillroom.core.infusion.roles import EMERGENCY

CHOSEN_CLINIC = "clinic"


class Proof(StrEnum):
    NONE = "none"
    STOP_KEY = "stop_key"  # a phone on which somebody was signed in: it may stop (bedside/stop_key.py)
    DISPLAY = "display"
    EMERGENCY = "emergency"
    PIN = "pin"
    SIGN_IN = "sign_in"


class Need(StrEnum):
    """What is missing when a request is not admitted."""

    SIGN_IN = "sign_in"
    TAKE_OVER = "take_over"
    CHOOSE_CLINIC = "choose_clinic"
    SECOND_FACTOR = "second_factor"
    STEP_UP = "step_up"
    ANOTHER_DISPLAY = "another_display"
    ANOTHER_ROLE = "another_role"


class NotAdmitted(Exception):
    def __init__(self, need: Need) -> None:
        self.need = need
        super().__init__(need)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who a request speaks for. With no `clinic`, a person speaks for themselves only.

    `page` is the name of the address that was asked for: what is written down when a patient's record is looked at.
    `in_sight`: it was asked for at the bedside from a display that the patient can see or hear.
    """

    proof: Proof = Proof.NONE
    person: Person | None = None
    clinic: Clinic | None = None
    roles: frozenset[str] = frozenset()
    short_name: str = ""
    display: Display | None = None
    page: str = ""
    in_sight: bool = False
    emergency: EmergencyAccess | None = None

    @property
    def by(self) -> str:
        """How the log names the author of an act: a person where one is known, else the display.

        A phone on which somebody is signed in no more is not they: it is a device, named by whose it is.
        """
        if self.person:
            return f"{'device' if self.proof is Proof.STOP_KEY else 'person'}:{self.person.pk}"
        if self.emergency:
            return f"emergency:{self.emergency.pk}"
        if self.display:
            return f"device:{self.display.pk}"
        raise ValueError("nobody is known here, so nobody can be named")

    @property
    def the_clinic(self) -> Clinic:
        """The clinic worked for, in a view whose rule names staff or a display."""
        if self.clinic is None:
            raise ValueError("this actor speaks for themselves, not for a clinic")
        return self.clinic

    @property
    def the_person(self) -> Person:
        """The person who asks, in a view whose rule does not let a display ask alone."""
        if self.person is None:
            raise ValueError("this actor is a display or nobody, not a person")
        return self.person

    @property
    def author(self) -> Author:
        """The same for the core, in the one of their roles that may do most at the bedside; a display has none."""
        if self.emergency:
            return Author(by=self.by, role=EMERGENCY)
        role = next((role for role in Role.values if role in self.roles), None)
        is_they = self.person is not None and self.proof is not Proof.STOP_KEY
        return Author(by=self.by, role=role, person=self.the_person.pk if is_they else None)

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


NOBODY = Actor()


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in one clinic, and how its bedside names them."""

    short_name: str
    roles: set[str] = field(default_factory=set)


def actor_of(request: HttpRequest) -> Actor:
    """Who the request was admitted as. Every view has one, a public one may have `NOBODY`."""
    return getattr(request, "actor", NOBODY)


def admit(request: HttpRequest, rule: Rule) -> Actor:
    """The actor that satisfies the rule, their rows opened; or `NotAdmitted`. Inside a `row_transaction`."""
    if rule.is_public:
        return NOBODY
    in_sight = rule.at_bedside and _is_in_sight(request)
    if in_sight and not rule.in_sight:
        raise NotAdmitted(Need.ANOTHER_DISPLAY)
    needs = []
    for prove in (_by_sign_in, _by_pin, _by_emergency, _by_display):
        try:
            return replace(prove(request, rule), in_sight=in_sight)
        except NotAdmitted as refused:
            needs.append(refused.need)
            close_rows()
    raise NotAdmitted(next((need for need in needs if need is not Need.SIGN_IN), Need.SIGN_IN))


def _is_in_sight(request: HttpRequest) -> bool:
    """Does a display ask that the patient can see or hear, whoever is signed in on it? Leaves no rows open."""
    if DISPLAY_COOKIE not in request.COOKIES:
        return False
    display = display_of(request)
    close_rows()
    return display is not None and display.side == Display.Side.PATIENT


def memberships(person: Person, *, with_signing: bool = True) -> dict[Clinic, Membership]:
    """The clinics in which a person has a role today, by each clinic's own calendar. Their own rows must be open.

    Few pages are for second signers: the others do `with_signing=False` and save a look.
    """
    found: dict[Clinic, Membership] = {}
    for staff in Staff.objects.filter(person=person).select_related("clinic"):
        if staff.counts_on(staff.clinic.today()):
            found.setdefault(staff.clinic, Membership(staff.short_name)).roles.add(staff.role)
    signers = SecondSigner.objects.filter(person=person, ended_at=None).select_related("clinic")
    for signer in signers if with_signing else ():
        found.setdefault(signer.clinic, Membership(person.display_name)).roles.add(SECOND_SIGNER)
    return found


def _by_sign_in(request: HttpRequest, rule: Rule) -> Actor:
    person = request.user
    if not isinstance(person, Person):
        raise NotAdmitted(Need.SIGN_IN)
    open_person(person.pk)
    if rule.is_for_anyone_signed_in:
        return Actor(Proof.SIGN_IN, person)
    works_at = memberships(person, with_signing=SECOND_SIGNER in rule.roles)
    clinic = chosen_clinic(request, works_at)
    if clinic and not rule.roles.isdisjoint(works_at[clinic].roles):
        _require_proof(request, person, clinic, rule)
        open_clinic(clinic.pk, by=f"person:{person.pk}")
        return Actor(Proof.SIGN_IN, person, clinic, frozenset(works_at[clinic].roles), works_at[clinic].short_name)
    if PATIENT in rule.roles:
        return Actor(Proof.SIGN_IN, person, roles=frozenset({PATIENT}))
    may_elsewhere = any(not rule.roles.isdisjoint(membership.roles) for membership in works_at.values())
    raise NotAdmitted(Need.CHOOSE_CLINIC if may_elsewhere and not clinic else Need.ANOTHER_ROLE)


def _by_pin(request: HttpRequest, rule: Rule) -> Actor:
    if not rule.at_bedside:
        raise NotAdmitted(Need.SIGN_IN)
    display = _display(request)
    staff = staff_who_took_over(request, display)
    if staff is None:
        raise NotAdmitted(Need.TAKE_OVER)
    roles = frozenset(
        row.role for row in Staff.objects.filter(person=staff.person) if row.counts_on(display.clinic.today())
    )
    if rule.roles.isdisjoint(roles):
        raise NotAdmitted(Need.ANOTHER_ROLE)
    open_clinic(display.clinic.pk, by=f"person:{staff.person_id}")
    return Actor(Proof.PIN, staff.person, display.clinic, roles, staff.short_name, display)


def _by_emergency(request: HttpRequest, rule: Rule) -> Actor:
    """For the one infusion that the address names, and in no role of the clinic's."""
    if not rule.in_emergency:
        raise NotAdmitted(Need.SIGN_IN)
    display = _display(request)
    infusion_id = request.resolver_match.kwargs.get("infusion_id") if request.resolver_match else None
    access = emergency_at(display, infusion_id, at=clock.now())
    if access is None:
        raise NotAdmitted(Need.SIGN_IN)
    open_clinic(display.clinic.pk, by=f"emergency:{access.pk}")
    return Actor(Proof.EMERGENCY, clinic=display.clinic, short_name=str(access), display=display, emergency=access)


def _by_display(request: HttpRequest, rule: Rule) -> Actor:
    if not rule.by_display:
        raise NotAdmitted(Need.SIGN_IN)
    display = _display(request)
    return Actor(Proof.DISPLAY, clinic=display.clinic, display=display)


def _display(request: HttpRequest) -> Display:
    """The enrolled display that asks, its clinic's rows opened."""
    display = display_of(request)
    if display is None:
        raise NotAdmitted(Need.SIGN_IN)
    return display


def chosen_clinic(request: HttpRequest, works_at: Collection[Clinic]) -> Clinic | None:
    """The clinic a person said they work for now; who works in one only need not say it, and a rehearsal is said."""
    chosen = next((clinic for clinic in works_at if str(clinic.pk) == request.session.get(CHOSEN_CLINIC)), None)
    real = [clinic for clinic in works_at if clinic.rehearses_id is None]
    return chosen or (real[0] if len(real) == 1 else None)


def _require_proof(request: HttpRequest, person: Person, clinic: Clinic, rule: Rule) -> None:
    proofs = get_authentication_records(request, person)
    has_second_factor = any(proof["method"] == "mfa" for proof in proofs)
    if clinic.requires_second_factor and not has_second_factor and not is_mfa_enabled(person):
        raise NotAdmitted(Need.SECOND_FACTOR)
    if rule.step_up and not any(
        time.time() - proof["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for proof in proofs
    ):
        raise NotAdmitted(Need.STEP_UP)
