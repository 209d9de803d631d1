"""Paper: the printable chart for the clinic's file, and the slip that the patient takes home.

`contents` says what stands on them, as plain values; the Typst files say how it looks; `pdf` joins the two.
"""
