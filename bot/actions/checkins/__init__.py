"""School refusal: a daily check-in between one home and the adults around the pupil (A9)."""
