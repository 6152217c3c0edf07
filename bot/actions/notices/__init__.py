"""Notices: composed, sent, answered, watched, corrected."""
