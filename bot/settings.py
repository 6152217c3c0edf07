"""Settings from the environment and a `.env` file, checked at the start with one clear sentence per mistake.

Every name begins with SKOLEBUD_. The README's table is held against this file by a test.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.school import QuietHours, School, SchoolHours
from bot.translation.config import APERTIUM, DEEPL, LIBRETRANSLATE, TranslationConfig, parse_engines, parse_pairs

TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{3,100}")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
KEY = re.compile(r"[!-~]*")
WEBHOOK_PORTS = frozenset({443, 80, 88, 8443})
"""The only ports that Telegram calls."""


class SettingsError(Exception):
    """A setting is missing or wrong; `lines` say which and what to write instead."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """What an operator decides. Durations are in the unit that the name or the description says."""

    model_config = SettingsConfigDict(env_prefix="SKOLEBUD_", env_file=".env", extra="ignore", frozen=True)

    token: SecretStr = Field(default=SecretStr(""), description="The bot's token from @BotFather")
    database: str = Field(
        default="sqlite:///skolebud.db", description="sqlite:///file.db or postgresql://user:password@host/name"
    )
    school: str = Field(default="Skolen", min_length=1, max_length=80, description="The school's name")
    language: str = Field(default="nb", description="The school's own language, two letters")
    timezone: str = Field(default="Europe/Oslo", description="The school's time zone")
    office_phone: str = Field(default="", max_length=32, description="Telephone of the school office, shown to homes")
    quiet_hours: str = Field(
        default="20:00-07:00", description="When only urgent messages arrive; 00:00-00:00 for never"
    )
    undo_seconds: int = Field(default=20, ge=0, le=600, description="Seconds in which a sent notice can be taken back")
    reminder_hours: float = Field(default=4, ge=0, le=168, description="Hours between two reminders of one notice")
    answer_days: int = Field(default=2, ge=1, le=14, description="School days within which homes can expect an answer")

    school_hours: str = Field(default="08:30-14:00", description="When school begins and ends")
    country: str = Field(default="NO", description="Whose public holidays are free, such as NO")
    list_minutes: int = Field(
        default=30,
        ge=0,
        le=240,
        description="Minutes before school at which teachers get the list of the day; 0: when asked",
    )
    report_ahead_days: int = Field(default=30, ge=1, le=200, description="Days ahead that absence can be reported")
    report_days: int = Field(default=10, ge=1, le=60, description="School days that one report of absence may cover")
    inquiry_minutes: int = Field(
        default=15,
        ge=1,
        le=240,
        description="Minutes a home has to say where a missing pupil is, then the next is asked",
    )
    leave_teacher_days: int = Field(
        default=3,
        ge=0,
        le=60,
        description="School days of leave that a contact teacher decides on; more: the leadership",
    )
    leave_days: int = Field(default=10, ge=1, le=60, description="School days of leave that can be asked for at once")
    absence_percent: float = Field(
        default=10, gt=0, le=100, description="Percent of school days from which absence is shown as a pattern"
    )
    remind_days: int = Field(
        default=2, ge=0, le=14, description="Days before an event on which people are reminded; 0: not"
    )
    remind_hours: int = Field(
        default=2, ge=0, le=12, description="Hours before an event at which people are reminded; 0: not"
    )
    calendar: str = Field(
        default="",
        description="Public https address of this bot, for calendars that people subscribe to; empty: files only",
    )
    monthly_reports: bool = Field(default=True, description="Whether homes get the month's absences and remarks")

    translation_engines: str = Field(
        default="", description="Who translates, in this order: apertium, libretranslate, deepl; empty: nobody"
    )
    translation_pairs: str = Field(
        default="", description="Another order for single pairs, like nb-nn: apertium; nb-pl: libretranslate deepl"
    )
    translation_seconds: float = Field(
        default=5, gt=0, le=60, description="Seconds that a message waits for its translation"
    )
    translation_outside: bool = Field(
        default=False, description="Whether texts may go to engines that are not on the school's own machines"
    )
    translation_own_hosts: str = Field(
        default="", description="Public names of engines that are the school's own, such as lt.school.example"
    )
    translation_daily_characters: int = Field(
        default=100_000, ge=0, description="Characters a day for each engine outside; 0: as many as asked"
    )
    apertium_url: str = Field(default="", description="Address of Apertium APY, such as http://127.0.0.1:2737")
    libretranslate_url: str = Field(default="", description="Address of LibreTranslate, such as http://127.0.0.1:5000")
    libretranslate_key: SecretStr = Field(default=SecretStr(""), description="Its key, if it asks for one")
    deepl_key: SecretStr = Field(default=SecretStr(""), description="The key of the school's DeepL API account")

    api: str = Field(default="", description="Another Bot API server, such as http://127.0.0.1:8081; empty: Telegram")
    webhook: str = Field(default="", description="Public https address for the webhook; empty: long polling")
    webhook_secret: SecretStr = Field(default=SecretStr(""), description="1 to 256 of A-Z a-z 0-9 _ -")
    listen_host: str = Field(default="127.0.0.1", description="Address for the webhook, /healthz and /metrics")
    listen_port: int = Field(default=8080, ge=0, le=65535, description="Port for the same")
    messages_per_second: float = Field(
        default=30, ge=0, le=1000, description="Telegram's limit over all chats; divide it by the number of replicas"
    )
    messages_per_chat_second: float = Field(default=1, ge=0, le=30, description="Telegram's limit for one chat")
    lease_seconds: float = Field(
        default=30, gt=0, le=600, description="Seconds after which a dead sender's messages are taken over"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="How much is logged")
    letters_days: int = Field(default=30, ge=1, le=365, description="Days for which the code of a letter works")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("write a zone such as Europe/Oslo")
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _readable_hours(cls, value: str) -> str:
        parse_quiet(value)
        return value

    @field_validator("school_hours")
    @classmethod
    def _school_day(cls, value: str) -> str:
        start, end = parse_hours(value)
        if start >= end:
            raise ValueError("school begins before it ends; write it like 08:30-14:00")
        return value

    @field_validator("country")
    @classmethod
    def _known_country(cls, value: str) -> str:
        from holidays import list_supported_countries

        if value not in list_supported_countries():
            raise ValueError("write a country code of two letters, such as NO")
        return value

    @field_validator("token")
    @classmethod
    def _token_shape(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("it looks like 123456789:AA…, copy it from @BotFather once more")
        return value

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+asyncpg://", "sqlite+aiosqlite:///")):
            raise ValueError("write sqlite:///file.db or postgresql://user:password@host/name")
        return value

    @field_validator("api", "apertium_url", "libretranslate_url")
    @classmethod
    def _http(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("write an address such as http://127.0.0.1:8081")
        return value.rstrip("/")

    @field_validator("translation_engines")
    @classmethod
    def _known_engines(cls, value: str) -> str:
        parse_engines(value)
        return value

    @field_validator("translation_pairs")
    @classmethod
    def _readable_pairs(cls, value: str) -> str:
        parse_pairs(value)
        return value

    @field_validator("translation_own_hosts")
    @classmethod
    def _bare_hosts(cls, value: str) -> str:
        if "/" in value or ":" in value:
            raise ValueError("write names only, without http:// and port, such as lt.school.example")
        return value

    @field_validator("libretranslate_key", "deepl_key")
    @classmethod
    def _key_shape(cls, value: SecretStr) -> SecretStr:
        if not KEY.fullmatch(value.get_secret_value()):
            raise ValueError("a key has no spaces; copy it once more")
        return value

    @field_validator("calendar")
    @classmethod
    def _public_address(cls, value: str) -> str:
        parts = urlsplit(value)
        local = parts.hostname in {"127.0.0.1", "localhost"}
        if value and not (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and local))):
            raise ValueError("write a whole address, such as https://bot.example")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _webhook_whole(self) -> Settings:
        if not self.webhook:
            return self
        try:
            parts = urlsplit(self.webhook)
            port = parts.port or 443
        except ValueError:
            parts, port = urlsplit(""), 443
        own_server = bool(self.api)
        if not parts.hostname:
            raise ValueError("SKOLEBUD_WEBHOOK: write a whole address, such as https://bot.example/hook")
        if parts.scheme != "https" and not own_server:
            raise ValueError("SKOLEBUD_WEBHOOK: Telegram calls https addresses only, such as https://bot.example/hook")
        if not own_server and port not in WEBHOOK_PORTS:
            raise ValueError("SKOLEBUD_WEBHOOK: Telegram calls the ports 443, 80, 88 and 8443 only")
        if not WEBHOOK_SECRET.fullmatch(self.webhook_secret.get_secret_value()):
            raise ValueError(
                "SKOLEBUD_WEBHOOK_SECRET: set 1 to 256 of A-Z a-z 0-9 _ -, for example `openssl rand -hex 32`"
            )
        return self

    @model_validator(mode="after")
    def _engines_can_be_reached(self) -> Settings:
        wanted = {
            APERTIUM: ("apertium_url", "write an address such as http://127.0.0.1:2737"),
            LIBRETRANSLATE: ("libretranslate_url", "write an address such as http://127.0.0.1:5000"),
            DEEPL: ("deepl_key", "copy the key from the school's DeepL account"),
        }
        config = self.to_translation()
        for engine in config.named:
            name, what = wanted[engine]
            if not getattr(config, name):
                raise ValueError(f"SKOLEBUD_{name.upper()}: is missing, and {engine} is to translate; {what}")
        return self

    def to_school(self) -> School:
        """Return the school's rules as the domain knows them."""
        return School(
            name=self.school,
            zone=ZoneInfo(self.timezone),
            language=self.language,
            office_phone=self.office_phone,
            quiet=parse_quiet(self.quiet_hours),
            undo=timedelta(seconds=self.undo_seconds),
            reminder_pause=timedelta(hours=self.reminder_hours),
            answer_days=self.answer_days,
            hours=SchoolHours(*parse_hours(self.school_hours)),
            country=self.country,
            list_before=timedelta(minutes=self.list_minutes),
            report_ahead_days=self.report_ahead_days,
            report_days=self.report_days,
            inquiry_wait=timedelta(minutes=self.inquiry_minutes),
            leave_teacher_days=self.leave_teacher_days,
            leave_days=self.leave_days,
            absence_share=self.absence_percent / 100,
            remind_days=self.remind_days,
            remind_hours=self.remind_hours,
            calendar_address=self.calendar,
            monthly_reports=self.monthly_reports,
            translation_hold=timedelta(seconds=self.translation_seconds),
        )

    def to_translation(self) -> TranslationConfig:
        """Return what was decided about translation engines."""
        return TranslationConfig(
            engines=parse_engines(self.translation_engines),
            pairs=parse_pairs(self.translation_pairs),
            apertium_url=self.apertium_url,
            libretranslate_url=self.libretranslate_url,
            libretranslate_key=self.libretranslate_key.get_secret_value(),
            deepl_key=self.deepl_key.get_secret_value(),
            own_hosts=frozenset(self.translation_own_hosts.replace(",", " ").lower().split()),
            outside_allowed=self.translation_outside,
            seconds=self.translation_seconds,
            daily_characters=self.translation_daily_characters,
        )


def parse_quiet(value: str) -> QuietHours:
    """Read "20:00-07:00".

    Raises:
        ValueError: it is written otherwise.
    """
    return QuietHours(*parse_hours(value, example="20:00-07:00"))


def parse_hours(value: str, *, example: str = "08:30-14:00") -> tuple[time, time]:
    """Read two times of day with a dash between them.

    Raises:
        ValueError: it is written otherwise.
    """
    try:
        start, end = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError as error:
        raise ValueError(f"write it like {example}") from error
    return start, end


def load_settings(*, need_token: bool = True, **overrides: object) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: with a line for every setting that is wrong or missing.
    """
    from bot.i18n import languages

    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError([_line(problem) for problem in error.errors(include_input=False)]) from None
    lines = []
    if settings.language not in languages():
        lines.append(f"SKOLEBUD_LANGUAGE: choose one of {', '.join(languages())}")
    if need_token and not settings.token.get_secret_value():
        lines.append("SKOLEBUD_TOKEN: is missing. Ask @BotFather for one and put it into .env")
    if lines:
        raise SettingsError(lines)
    return settings


def _line(problem: object) -> str:
    assert isinstance(problem, dict)  # noqa: S101  (pydantic's own form)
    where = ".".join(str(part) for part in problem["loc"])
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"SKOLEBUD_{where.upper()}: {message}" if where else message
