"""Clinics that meet the published criteria, and the evidence."""
