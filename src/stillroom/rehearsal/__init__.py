"""Rehearsal: a simulated patient, monitor and drip that come in by the same doors as real ones.

For demonstration, training and end-to-end tests. Nothing in here is a model to treat by: `patient` says which published
figures its effects are scaled to, and where it makes something up.
"""
