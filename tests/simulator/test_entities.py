"""Telegram's HTML: what it means, where its entities lie, and what it refuses."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.entities import format_text, readable, to_html, utf16_length
from bot.simulator.errors import ApiError

LETTERS = "ab æøå łśż سلام مدرسة 👋👨‍👩‍👧 🇳🇴 <&>\"' ❤️ 漢"
words = st.text(alphabet=LETTERS, min_size=1, max_size=12)
simple_tags = st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "blockquote"])


def piece(text: str, start: int, length: int) -> str:
    units = text.encode("utf-16-le")
    return units[start * 2 : (start + length) * 2].decode("utf-16-le")


@given(st.lists(st.tuples(words, st.none() | st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "code"])), min_size=1))
def test_every_entity_covers_exactly_the_words_between_its_tags(parts: list[tuple[str, str | None]]) -> None:
    source = "|" + "|".join(f"<{t}>{escape(w)}</{t}>" if t else escape(w) for w, t in parts) + "|"
    text, entities = format_text(source, "HTML")
    assert text == "|" + "|".join(w for w, _ in parts) + "|"
    marked = [(w, t) for w, t in parts if t and w.strip()]
    found = [e for e in entities if e["type"] not in {"mention", "hashtag", "url", "email", "bot_command"}]
    assert [piece(text, e["offset"], e["length"]) for e in found] == [w for w, _ in marked]


nested = st.recursive(
    words.map(escape),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(simple_tags, inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        inner.map(lambda html: f'<a href="https://skole.example/?a=1&amp;b=2">{html}</a>'),
        words.map(lambda word: f'<pre><code class="language-py">{escape(word)}</code></pre>'),
    ),
    max_leaves=8,
)


@given(nested)
def test_text_and_entities_survive_the_way_through_html(source: str) -> None:
    text, entities = format_text(source, "HTML")
    again, entities_again = format_text(to_html(text, entities), "HTML")
    assert again == text
    assert coverage(entities_again) == coverage(entities)


def coverage(entities: list[dict[str, object]]) -> set[tuple[object, int]]:
    """Which UTF-16 unit has which mark: the same whatever the marks are cut into."""
    return {
        (f"{e['type']}{e.get('url', '')}{e.get('language', '')}", unit)
        for e in entities
        for unit in range(int(str(e["offset"])), int(str(e["offset"])) + int(str(e["length"])))
    }


@given(st.text(alphabet=LETTERS, max_size=30))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    parsed, _ = format_text(escape(text), "HTML")
    assert parsed == text.strip(" \t\n")


def test_offsets_count_utf16_units() -> None:
    text, entities = format_text("👨‍👩‍👧 <b>سلام 👋</b> x", "HTML")
    assert text == "👨‍👩‍👧 سلام 👋 x"
    assert entities == [{"type": "bold", "offset": 9, "length": 7}]
    assert utf16_length("👋") == 2


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<strong>a</strong>", "a", [("bold", 0, 1)]),
        ("<em>a</em><ins>b</ins>", "ab", [("italic", 0, 1), ("underline", 1, 1)]),
        ("<strike>a</strike><del>b</del>", "ab", [("strikethrough", 0, 1), ("strikethrough", 1, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<B>a</B>", "a", [("bold", 0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<i><b>x</b></i>", "x", [("bold", 0, 1), ("italic", 0, 1)]),
        ("<b>a<code>b</code>c</b>", "abc", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
        ("<b>a<b>b</b></b>", "ab", [("bold", 0, 2)]),
        ("<b> </b>x", "x", []),
        ("  <b>a</b>  ", "a", [("bold", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("&lt;b&gt; &amp;amp; &quot;&#65;&#x1F44B;", '<b> &amp; "A👋', []),
        ("a &nbsp; b & c", "a &nbsp; b & c", []),
        ("<b>a</>", "a", [("bold", 0, 1)]),
    ],
)
def test_html_as_telegram_reads_it(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    parsed, found = format_text(source, "html")
    assert parsed == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


def test_links_languages_and_custom_emoji_keep_what_they_point_to() -> None:
    source = (
        '<a href="https://skole.example">a</a><a href="skole.example/x?y=1&amp;z=2">b</a><a>http://x.no/</a>'
        '<pre><code class="language-python">c</code></pre><tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>'
    )
    _, entities = format_text(source, "HTML")
    kept = [(e["type"], e.get("url") or e.get("language") or e.get("custom_emoji_id")) for e in entities]
    assert kept == [
        ("text_link", "https://skole.example/"),
        ("text_link", "http://skole.example/x?y=1&z=2"),
        ("text_link", "http://x.no/"),
        ("pre", "python"),
        ("custom_emoji", "5368324170671202286"),
    ]


def test_a_link_that_is_none_is_plain_text() -> None:
    assert format_text('<a href="nowhere">a</a><a href="http://localhost:1/">b</a>', "HTML") == ("ab", [])


def test_a_mention_by_id_needs_a_known_person() -> None:
    user = {"id": 7, "is_bot": False, "first_name": "Ola"}
    source = '<a href="tg://user?id=7">Ola</a> <a href="tg://user?id=8">Per</a>'
    _, entities = format_text(source, "HTML", user_of=lambda i: user if i == 7 else None)
    assert entities == [{"type": "text_mention", "offset": 0, "length": 3, "user": user}]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("ø < b", 'Unsupported start tag "" at byte offset 3'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x"', "Unclosed start tag at byte offset 0"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(source: str, sentence: str) -> None:
    with pytest.raises(ApiError) as refusal:
        format_text(source, "HTML")
    assert refusal.value.description == f"Bad Request: can't parse entities: {sentence}"


def test_markdown_is_refused_openly() -> None:
    with pytest.raises(ApiError, match="Bad Request: unsupported parse_mode"):
        format_text("*a*", "MarkdownV2")


def test_what_telegram_finds_by_itself() -> None:
    text = "👋 /start@skolebud_bot se https://skole.example/a?b=1. @kari_n #tur post@skole.example a/b 1/2"
    _, entities = format_text(text)
    assert [(e["type"], piece(text, e["offset"], e["length"])) for e in entities] == [
        ("bot_command", "/start@skolebud_bot"),
        ("url", "https://skole.example/a?b=1"),
        ("mention", "@kari_n"),
        ("hashtag", "#tur"),
        ("email", "post@skole.example"),
    ]


def test_nothing_is_found_in_code() -> None:
    assert [e["type"] for e in format_text("<code>/start</code>", "HTML")[1]] == ["code"]


def test_crossing_entities_become_html_that_parses() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 4}, {"type": "italic", "offset": 2, "length": 4}]
    html = to_html("abcdef", entities)
    assert html == "<b>ab<i>cd</i></b><i>ef</i>"
    assert format_text(html, "HTML")[0] == "abcdef"


def test_readable_text_shows_where_links_go() -> None:
    text, entities = format_text('👋 <a href="https://skole.example/tur">turen</a>, <b>nå</b>', "HTML")
    assert readable(text, entities) == "👋 turen (https://skole.example/tur), nå"
