"""Infusion remembers: facts (entries), what may be asked (commands), what follows (decide), where it stands (fold).

Nothing in here knows a clock, a database or a page. `decide` turns a command into facts or refuses; `fold` turns a log
of facts into the state; `conflicts` says whether a colleague's entries matter to an act; `timeline` gives the drip's
history to pharmacology; `recovery` knows the two doors home.
"""
