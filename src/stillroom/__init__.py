"""Stillroom: intravenous ketamine infusion therapy for depression, from referral to the patient's own record."""

__version__ = "0.5.0"
