"""The clock's ticks: APScheduler in memory only says when to look; what is due are rows."""
