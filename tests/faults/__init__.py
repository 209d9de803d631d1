"""Killing what writes, at any moment, and asking afterwards whether what was promised is there. See campaign.py."""
