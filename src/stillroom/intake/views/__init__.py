"""Pages: the patient's own, by their link, and the clinic's."""
