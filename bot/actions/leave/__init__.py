"""Leave: a home asks, the school grants or refuses with a reason, both are told (A3)."""
