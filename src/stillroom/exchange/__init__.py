"""What leaves Stillroom and what comes in: the portable record of a patient (docs/record.md), and FHIR."""
