"""Pages of the directory: for anybody, for a clinic that applies, and for the editors."""
