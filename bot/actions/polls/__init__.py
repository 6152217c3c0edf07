"""Polls and surveys (N13)."""
