"""`python -m bot` is the `skolebud` command."""

from bot.cli import main

main()
