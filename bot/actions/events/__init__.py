"""Events: called, answered, changed, reminded of (M1 to M3, M8)."""
