"""The year wheel: imported, reminded of, given to homes as calendars (M6)."""
