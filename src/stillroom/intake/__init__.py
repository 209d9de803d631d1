"""What comes before the first visit: what patients write by a link, and what a clinician takes into the record."""
