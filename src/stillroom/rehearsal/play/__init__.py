"""A script of a rehearsal: what it says, when it is, what the patient then shows, and how staff answered it. Pure."""
