"""Who may ask for which page? Every view declares it; a view that declares nothing is refused to everybody.

    @public                                          anyone, signed in or not
    @signed_in                                       anyone with an account, about their own account
    @allow("nurse", "prescriber")                    staff of the clinic, in one of these roles
    @allow("patient")                                a person, about their own record, across clinics
    @allow(*CLINICAL, at_bedside=True)               ... or a PIN on an enrolled display proves enough
    @allow(*CLINICAL, by_display=True)               ... or the enrolled display alone does: what is shown, and stop
    @allow(*CLINICAL, at_bedside=True, in_emergency=True) ... or a name and a reason, where signing in does not work
    @allow(*CLINICAL, by_display=True, in_sight=True) ... on a display that the patient can see too: nothing clinical
    @allow("prescriber", step_up=True)               who signed in or confirmed it within the last minutes: signing

A rule says which roles may ask. Whether *this* record is theirs is asked by the access function that the view calls
first (`patient_for` and its like), and kept by row security below both.
`stillroom.clinics.requests.RequestTransaction` holds every request to the rule of its view.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.urls import ResolverMatch

from stillroom.clinics.models import Role

View = TypeVar("View", bound=Callable[..., Any])

PATIENT = "patient"
SECOND_SIGNER = "second_signer"
ROLES = frozenset({*Role.values, PATIENT, SECOND_SIGNER})
CLINICAL = (Role.PRESCRIBER, Role.NURSE_ANAESTHETIST, Role.NURSE)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a view asks of who calls it."""

    roles: frozenset[str] = frozenset()
    is_public: bool = False
    is_for_anyone_signed_in: bool = False
    at_bedside: bool = False
    by_display: bool = False
    in_sight: bool = False
    in_emergency: bool = False
    step_up: bool = False


PUBLIC = Rule(is_public=True)
SIGNED_IN = Rule(is_for_anyone_signed_in=True)

# Views that are not ours cannot carry a decorator; their rules are kept by the name of their address. Those of theirs
# that are missing here are refused: nobody signs up, or changes the address that a new password is sent to.
RULES_BY_NAME: dict[str, Rule] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_login_webauthn": PUBLIC,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
}


def public(view: View) -> View:
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    return _declare(view, SIGNED_IN)


def allow(
    *roles: str,
    at_bedside: bool = False,
    by_display: bool = False,
    in_sight: bool = False,
    in_emergency: bool = False,
    step_up: bool = False,
) -> Callable[[View], View]:
    """The roles that may ask; a name that is no role is a programmer's error, found when the module is read."""
    unknown = set(roles) - ROLES
    if unknown or not roles:
        raise ValueError(f"roles expected, of {sorted(ROLES)}; got {sorted(unknown)}")
    rule = Rule(
        roles=frozenset(str(role) for role in roles),
        at_bedside=at_bedside or by_display,
        by_display=by_display,
        in_sight=in_sight,
        in_emergency=in_emergency,
        step_up=step_up,
    )
    return lambda view: _declare(view, rule)


def rule_of(match: ResolverMatch) -> Rule | None:
    """The rule of the view an address leads to; None means that nobody declared one, and nobody may pass."""
    return rule_for(match.func, match.view_name)


def rule_for(view: Callable[..., Any], name: str) -> Rule | None:
    return getattr(view, "access_rule", None) or RULES_BY_NAME.get(name)


def _declare(view: View, rule: Rule) -> View:
    if hasattr(view, "access_rule"):
        raise ValueError(f"{view!r} has a rule already")
    view.access_rule = rule  # type: ignore[attr-defined]
    return view
