"""Pages for the day's work at the desk: who works here, and the drug library."""
