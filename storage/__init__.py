"""Tables, queries, migrations, the unit of work. Knows `bot.domain` and nothing else of ours."""
