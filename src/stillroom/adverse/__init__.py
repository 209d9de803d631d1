"""When something goes wrong: what is kept at hand for it, what happened, and who is told by when."""
