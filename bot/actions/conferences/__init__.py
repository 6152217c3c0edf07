"""Conferences: a round is laid out and its homes invited; they book, change, cancel, wait (M4)."""
