"""What the bot serves over HTTP to others than Telegram."""
