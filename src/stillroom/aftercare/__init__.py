"""After they went home: who is to be called, what they said, and what became of a worry."""
