"""Conversations between a home and the school, each way (N1, N9, B1–B5, B10)."""

from bot.actions.threads.calls import call_about, call_me, call_me_in, have_called, wish_time
from bot.actions.threads.deliver import Receipt, Said, deliver
from bot.actions.threads.errors import GoneOut, MessageTooLong, NobodyReads, NoTextLeft, TooManyFiles
from bot.actions.threads.home import (
    EXPECT_HOME,
    Spoken,
    ask_about,
    say_about,
    send_about,
    send_message,
    send_written,
    speak,
    start_message,
)
from bot.actions.threads.kept import EXPECT_KEPT, Kept, keep_text, send_kept, send_kept_to
from bot.actions.threads.reply import EXPECT_REPLY, continue_album, find_thread_of, part_in, reply, start_reply
from bot.actions.threads.words import quoted

__all__ = [
    "EXPECT_HOME",
    "EXPECT_KEPT",
    "EXPECT_REPLY",
    "GoneOut",
    "Kept",
    "MessageTooLong",
    "NoTextLeft",
    "NobodyReads",
    "Receipt",
    "Said",
    "Spoken",
    "TooManyFiles",
    "ask_about",
    "call_about",
    "call_me",
    "call_me_in",
    "continue_album",
    "deliver",
    "find_thread_of",
    "have_called",
    "keep_text",
    "part_in",
    "quoted",
    "reply",
    "say_about",
    "send_about",
    "send_kept",
    "send_kept_to",
    "send_message",
    "send_written",
    "speak",
    "start_message",
    "start_reply",
    "wish_time",
]
