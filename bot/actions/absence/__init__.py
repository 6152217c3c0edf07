"""Absence: reported by homes, noticed by teachers, followed over time (A1 to A9)."""
