"""From a recorded session to the debrief of one of its parties, part by part."""
