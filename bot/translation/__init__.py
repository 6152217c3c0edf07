"""Free text into other languages: engines, and what guards the meaning on its way through them (L3)."""
