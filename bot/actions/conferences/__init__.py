"""Rounds of conferences: laid out by a teacher, booked by homes (M4)."""
