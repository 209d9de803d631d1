"""The commands of `stillroom`, one file each."""
