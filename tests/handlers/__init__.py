"""The front towards Telegram, apart from whole stories."""
