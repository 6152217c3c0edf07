"""Reminders: planned beside what they are about, put into the queue when they are due (M9)."""
