"""Interpreters: what they are allowed, what they follow, what they do with a translation (L4–L6)."""
