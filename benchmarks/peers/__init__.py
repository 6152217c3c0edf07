"""The bots and loops that others would write, each with its library's own documented means."""
