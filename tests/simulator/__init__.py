"""Tests of the simulator: each promise it makes about Telegram."""
