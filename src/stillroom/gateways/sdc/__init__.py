"""IEEE 11073 SDC: devices that we call at a known address, and that tell us their metrics. Nothing is set there."""
