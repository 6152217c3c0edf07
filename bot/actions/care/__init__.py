"""Care: what is too sensitive for a chat (P5), homes to be left in peace (B8), reports of bullying (B10)."""
