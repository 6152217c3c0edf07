"""Free text in the reader's language: asked for, made outside of any transaction, filled in when it leaves (L1–L7)."""
