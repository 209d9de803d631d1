"""Recordings of vital signs that others published, read as a monitor would have shown them."""

from stillroom.gateways.recordings.files import read_file
from stillroom.gateways.recordings.recording import Moment, NotARecording, read_recording

__all__ = ["Moment", "NotARecording", "read_file", "read_recording"]
