"""Polls and surveys: a question to homes, their answers, the result (N13)."""
