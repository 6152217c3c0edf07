"""The school's files: what they may look like, and how every mistake in them is told."""

from __future__ import annotations

import csv
import io
import string
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import roster_problems as says
from bot.domain.errors import DomainError
from bot.domain.people import Relation, Role
from bot.domain.roster import (
    PEOPLE_COLUMNS,
    STAFF_COLUMNS,
    Roster,
    RosterGuardian,
    RosterInvalid,
    RosterLink,
    RosterProblem,
    RosterPupil,
    decode_csv,
    grade_of,
    parse_people,
    parse_staff,
)
from bot.domain.roster_table import clean

TODAY = date(2026, 11, 20)
EXAMPLE = Path(__file__).parents[2] / "docs" / "example"

NOAH = {
    "class": "5A",
    "pupil": "Noah Berg",
    "pupil_birth_date": "2016-11-08",
    "guardian": "Ingrid Berg",
    "relation": "mother",
    "language": "nb",
    "phone": "+4740000111",
    "email": "ingrid@hjem.example",
    "blocked": "",
}
LARS = NOAH | {
    "guardian": "Lars Berg",
    "relation": "father",
    "phone": "+4740000112",
    "email": "lars@post.example",
}
KARI = {
    "name": "Kari Nordmann",
    "role": "contact_teacher",
    "classes": "5A",
    "languages": "nb en",
    "phone": "+4740000004",
    "email": "kari@skole.example",
}


def write(rows: list[dict[str, str]], columns: tuple[str, ...], delimiter: str = ",", end: str = "\n") -> str:
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, columns, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue()


def people(*rows: dict[str, str], delimiter: str = ",", end: str = "\n") -> str:
    return write(list(rows), PEOPLE_COLUMNS, delimiter, end)


def staff(*rows: dict[str, str]) -> str:
    return write(list(rows), STAFF_COLUMNS)


def read(text: str) -> Roster:
    return parse_people(text, today=TODAY)


def faults(text: str, parse: Callable[[str], object] = read) -> list[tuple[int, str]]:
    return [(problem.line, problem.sentence) for problem in refused(text, parse)]


def refused(text: str, parse: Callable[[str], object] = read) -> tuple[RosterProblem, ...]:
    with pytest.raises(RosterInvalid) as caught:
        parse(text)
    assert caught.value.fields == {"count": len(caught.value.problems)}
    return caught.value.problems


def told(problem: RosterProblem) -> str:
    return problem.sentence.format(**problem.fields)


class TestTheExampleSchool:
    roster = read(decode_csv((EXAMPLE / "people.csv").read_bytes()))
    team = parse_staff(decode_csv((EXAMPLE / "staff.csv").read_bytes()))

    def guardians_of(self, pupil: str) -> Mapping[str, tuple[RosterGuardian, RosterLink]]:
        known = {guardian.key: guardian for guardian in self.roster.guardians}
        (found,) = (one for one in self.roster.pupils if one.name == pupil)
        return {known[link.guardian_key].name: (known[link.guardian_key], link) for link in found.guardians}

    def children_of(self, guardian: str) -> set[tuple[str, str]]:
        (key,) = (one.key for one in self.roster.guardians if one.name == guardian)
        return {
            (pupil.name, pupil.class_name)
            for pupil in self.roster.pupils
            if key in {link.guardian_key for link in pupil.guardians}
        }

    def test_it_has_three_classes_of_the_right_age(self) -> None:
        assert self.roster.classes == ("2B", "5A", "8C")
        sizes = [sum(pupil.class_name == name for pupil in self.roster.pupils) for name in self.roster.classes]
        assert sizes == [24, 23, 24]
        assert len(self.roster.guardians) == 110
        assert all(pupil.birth_date.year + pupil.grade == 2021 for pupil in self.roster.pupils)

    def test_piotr_and_anna_have_children_in_two_classes(self) -> None:
        children = {("Zofia Kowalska", "5A"), ("Jan Kowalski", "2B")}
        assert self.children_of("Piotr Kowalski") == self.children_of("Anna Kowalska") == children

    @pytest.mark.parametrize(
        ("pupil", "guardian", "relation", "language"),
        [
            ("Zofia Kowalska", "Piotr Kowalski", Relation.FATHER, "pl"),
            ("Jan Kowalski", "Anna Kowalska", Relation.MOTHER, "pl"),
            ("Ali Haddad", "Amina Haddad", Relation.MOTHER, "ar"),
            ("Ali Haddad", "Omar Haddad", Relation.FATHER, "ar"),
            ("Noah Berg", "Ingrid Berg", Relation.MOTHER, "nb"),
            ("Noah Berg", "Lars Berg", Relation.FATHER, "nb"),
            ("Sara Miller", "James Miller", Relation.FATHER, "en"),
            ("Tiril Sandvik", "Bjørg Sandvik", Relation.GRANDPARENT, "nb"),
            ("Mikael Dahle", "Turid Åsnes", Relation.FOSTER_PARENT, "nb"),
            ("Filmon Haile", "Dawit Gebremedhin", Relation.GUARDIAN, "ti"),
        ],
    )
    def test_its_cast(self, pupil: str, guardian: str, relation: Relation, language: str) -> None:
        person, link = self.guardians_of(pupil)[guardian]
        assert (link.relation, person.language, link.blocked) == (relation, language, False)

    def test_one_guardian_is_blocked(self) -> None:
        links = [link for pupil in self.roster.pupils for link in pupil.guardians if link.blocked]
        assert links == [self.guardians_of("Sander Fjellheim")["Roar Fjellheim"][1]]

    def test_two_people_may_have_one_name(self) -> None:
        namesakes = [one for one in self.roster.guardians if one.name == "Anne Larsen"]
        assert len({one.phone for one in namesakes}) == 2

    def test_its_languages_and_ways_to_be_reached(self) -> None:
        languages = {one.language for one in self.roster.guardians}
        assert languages >= {"nb", "pl", "ar", "en", "uk", "so", "ti", "lt", "ur", "tr"}
        ways = {(bool(one.phone), bool(one.email)) for one in self.roster.guardians}
        assert len(ways) == 4
        assert all((one.email or ".example").endswith(".example") for one in self.roster.guardians)
        assert all((one.phone or "+474").startswith(("+474", "+479")) for one in self.roster.guardians)

    def test_its_staff(self) -> None:
        assert {(one.name, one.role, one.classes) for one in self.team.people} == {
            ("Marit Lund", Role.PRINCIPAL, ()),
            ("Geir Moen", Role.OFFICE, ()),
            ("Tom Eide", Role.CONTACT_TEACHER, ("2B",)),
            ("Kari Nordmann", Role.CONTACT_TEACHER, ("5A",)),
            ("Hilde Strand", Role.CONTACT_TEACHER, ("8C",)),
            ("Nina Sørli", Role.SUBJECT_TEACHER, ("5A", "8C")),
            ("Yusuf Rahman", Role.INTERPRETER, ()),
            ("Halina Nowak", Role.INTERPRETER, ()),
        }
        spoken = {one.name: one.languages for one in self.team.people}
        assert (spoken["Yusuf Rahman"], spoken["Halina Nowak"]) == (("ar", "en"), ("pl",))

    def test_nobody_has_the_number_of_somebody_else(self) -> None:
        keys = [one.key for one in self.roster.guardians] + [one.key for one in self.team.people]
        assert len(keys) == len(set(keys))


class TestForms:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_separators_and_line_ends(self, delimiter: str, end: str) -> None:
        assert read(people(NOAH, LARS, delimiter=delimiter, end=end)) == read(people(NOAH, LARS))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_encodings(self, encoding: str) -> None:
        text = people(NOAH | {"guardian": "Åse Bjørnsæther – André"})
        assert decode_csv(text.encode(encoding)) == text

    @pytest.mark.parametrize(
        ("data", "line"),
        [
            (people(NOAH | {"guardian": "Błażej Żółć"}).encode("cp1250"), 2),
            (people(NOAH, LARS | {"guardian": "Олена Бондаренко"}).encode("cp1251"), 3),
            (people(NOAH).encode("utf-16-le"), 1),
            (b"PK\x03\x04\x14\x00\x06\x00 a workbook", 1),
            (b"\xff\xfea", 1),
            (b"class\n\x81", 2),
        ],
    )
    def test_what_is_not_text_is_refused(self, data: bytes, line: int) -> None:
        with pytest.raises(RosterInvalid) as caught:
            decode_csv(data)
        assert [(one.line, one.sentence) for one in caught.value.problems] == [(line, says.NOT_TEXT)]

    def test_headers_in_other_spellings_and_order(self) -> None:
        columns = (*reversed(PEOPLE_COLUMNS),)
        text = write([NOAH], columns).replace("pupil_birth_date", " Pupil Birth-DATE ").replace("email", "EMAIL")
        assert read(f"\ufeff{text}").pupils == read(people(NOAH)).pupils

    def test_empty_lines_and_spaces_do_not_matter_but_lines_are_counted(self) -> None:
        head, row, other = people({key: f"  {value} " for key, value in NOAH.items()}, LARS).splitlines()
        roster = read(f"\n{head}\n\n;;\n".replace(";", ",") + f"{row}\n \n{other}\n,,,\n")
        assert roster.pupils[0].lines == (5, 7)
        assert roster.pupils[0].name == "Noah Berg"

    def test_a_cell_of_two_lines_moves_the_lines_after_it(self) -> None:
        rows = people(NOAH | {"guardian": "Ingrid\nBerg"}, LARS | {"relation": "dad"})
        assert faults(rows) == [(4, says.BAD_RELATION)]
        assert read(people(NOAH | {"guardian": "Ingrid\nBerg"})).guardians[0].name == "Ingrid Berg"

    def test_names_are_composed_and_lose_invisible_marks(self) -> None:
        roster = read(people(NOAH | {"guardian": "A\u030ase\u200b  \u202eBerg\u00a0"}))
        assert roster.guardians[0].name == "Åse Berg"

    @pytest.mark.parametrize("value", ["2016-11-08", "08.11.2016", "8.11.2016", "8. 11. 2016"])
    def test_dates(self, value: str) -> None:
        assert read(people(NOAH | {"pupil_birth_date": value})).pupils[0].birth_date == date(2016, 11, 8)

    @pytest.mark.parametrize(
        ("value", "phone"),
        [
            ("400 00 111", "+4740000111"),
            ("+47 40 00 01 11", "+4740000111"),
            ("0047-400-00-111", "+4740000111"),
            ("4740000111", "+4740000111"),
            ("+48 601 234 567", "+48601234567"),
            ("0048 601 234 567", "+48601234567"),
            ("(+46) 70.123.45.67", "+46701234567"),
        ],
    )
    def test_phones(self, value: str, phone: str) -> None:
        assert read(people(NOAH | {"phone": value})).guardians[0].phone == phone

    @pytest.mark.parametrize(
        ("value", "name", "grade"),
        [("5a", "5A", 5), ("10 C", "10C", 10), ("vg1 a", "Vg1A", 11), ("Vg3STA", "Vg3STA", 13), ("7", "7", 7)],
    )
    def test_classes(self, value: str, name: str, grade: int) -> None:
        pupil = read(people(NOAH | {"class": value})).pupils[0]
        assert (pupil.class_name, pupil.grade, grade_of(name)) == (name, grade, grade)

    def test_no_grade_without_a_class(self) -> None:
        with pytest.raises(ValueError, match="staff room"):
            grade_of("staff room")

    @pytest.mark.parametrize("value", ["yes", "JA", "true", "Sann", "1", "x"])
    def test_blocked(self, value: str) -> None:
        assert read(people(NOAH | {"blocked": value})).pupils[0].guardians[0].blocked

    @pytest.mark.parametrize("value", ["", "no", "Nei", "FALSE", "usann", "0"])
    def test_not_blocked(self, value: str) -> None:
        assert not read(people(NOAH | {"blocked": value})).pupils[0].guardians[0].blocked

    @pytest.mark.parametrize(
        ("value", "code"), [("PL", "pl"), ("Polsk", "pl"), ("no", "nb"), ("العربية", "ar"), ("", None)]
    )
    def test_languages(self, value: str, code: str | None) -> None:
        assert read(people(NOAH | {"language": value})).guardians[0].language == code

    def test_relations_and_roles_in_other_spellings(self) -> None:
        relation = read(people(NOAH | {"relation": "Foster Parent"})).pupils[0].guardians[0].relation
        assert relation is Relation.FOSTER_PARENT
        assert parse_staff(staff(KARI | {"role": "Contact teacher"})).people[0].role is Role.CONTACT_TEACHER


class TestWhoIsTheSame:
    def test_a_guardian_of_two_children_is_one_person(self) -> None:
        sister = NOAH | {"pupil": "Eva Berg", "class": "2B", "pupil_birth_date": "2019-01-02"}
        bare = sister | {"phone": "400 00 111", "email": "", "language": "", "guardian": "ingrid  berg"}
        expected = RosterGuardian("tel:+4740000111", "Ingrid Berg", "nb", "+4740000111", "ingrid@hjem.example", (2, 3))
        assert read(people(NOAH, bare)).guardians == (expected,)
        filled = read(people(bare, NOAH)).guardians
        assert filled == (replace(expected, name="ingrid berg"),)

    def test_an_address_alone_finds_the_person_with_a_number(self) -> None:
        sister = NOAH | {"pupil": "Eva Berg", "phone": "", "email": "Ingrid@Hjem.example"}
        assert [one.lines for one in read(people(sister, NOAH)).guardians] == [(2, 3)]

    def test_an_address_alone_is_enough(self) -> None:
        sister = NOAH | {"pupil": "Eva Berg", "phone": ""}
        (guardian,) = read(people(NOAH | {"phone": ""}, sister)).guardians
        assert (guardian.key, guardian.phone) == ("mailto:ingrid@hjem.example", None)

    def test_a_couple_may_share_an_address(self) -> None:
        assert len(read(people(NOAH, LARS | {"email": NOAH["email"]})).guardians) == 2

    def test_without_number_and_address_the_pupil_tells_namesakes_apart(self) -> None:
        bare = NOAH | {"phone": "", "email": ""}
        roster = read(people(bare, bare | {"pupil": "Eva Berg"}))
        assert [one.key for one in roster.guardians] == [
            "name:ingrid berg|noah berg|2016-11-08",
            "name:ingrid berg|eva berg|2016-11-08",
        ]

    def test_father_and_son_of_one_name_have_two_numbers(self) -> None:
        assert len(read(people(LARS, LARS | {"phone": "+4740000113", "email": ""})).guardians) == 2

    def test_pupils_of_one_name_have_two_birth_dates(self) -> None:
        other = LARS | {"pupil_birth_date": "2016-01-01", "class": "5B"}
        assert [pupil.class_name for pupil in read(people(NOAH, other)).pupils] == ["5A", "5B"]

    @pytest.mark.parametrize(
        ("first", "second", "sentence"),
        [
            (NOAH, LARS | {"phone": NOAH["phone"]}, says.PHONE_OTHER_NAME),
            (NOAH | {"phone": ""}, LARS | {"phone": "", "email": NOAH["email"]}, says.EMAIL_OTHER_NAME),
            (NOAH, NOAH | {"pupil": "Eva Berg", "email": "other@hjem.example"}, says.OTHER_EMAIL),
            (NOAH, NOAH | {"pupil": "Eva Berg", "language": "pl"}, says.OTHER_LANGUAGE),
            (NOAH, LARS | {"class": "5B"}, says.TWO_CLASSES),
            (NOAH, NOAH, says.REPEATED_ROW),
            (NOAH, NOAH | {"blocked": "yes", "relation": "guardian"}, says.REPEATED_ROW),
            (NOAH, NOAH | {"phone": "", "email": ""}, says.REPEATED_ROW),
            (NOAH | {"phone": ""}, NOAH | {"email": ""}, says.REPEATED_ROW),
            (NOAH, NOAH | {"phone": "+4740000999"}, says.REPEATED_ROW),
        ],
    )
    def test_contradictions_name_both_lines(self, first: dict[str, str], second: dict[str, str], sentence: str) -> None:
        (problem,) = refused(people(first, second))
        assert (problem.line, problem.sentence, problem.fields["other"]) == (3, sentence, 2)
        assert "line 2" in told(problem)


class TestMistakes:
    @pytest.mark.parametrize(
        ("column", "value", "sentence"),
        [
            *((column, "", says.EMPTY_CELL) for column in ("class", "pupil", "guardian", "relation")),
            ("pupil_birth_date", " ", says.EMPTY_CELL),
            ("pupil_birth_date", "31/5/16", says.BAD_DATE),
            ("pupil_birth_date", "2016-02-30", says.BAD_DATE),
            ("pupil_birth_date", "08.11.16", says.BAD_DATE),
            ("pupil_birth_date", "2016-W45-2", says.BAD_DATE),
            ("pupil_birth_date", "2026-11-21", says.FUTURE_DATE),
            ("pupil_birth_date", "2000-11-20", says.TOO_OLD),
            ("relation", "uncle", says.BAD_RELATION),
            ("language", "norsk og polsk", says.BAD_LANGUAGE),
            ("language", "nb1", says.BAD_LANGUAGE),
            ("phone", "12345678", says.BAD_PHONE),
            ("phone", "+47 400 00 11", says.BAD_PHONE),
            ("phone", "4,74E+09", says.BAD_PHONE),
            ("phone", "40000111 / 90000111", says.BAD_PHONE),
            ("email", "ingrid", says.BAD_EMAIL),
            ("email", "ingrid@hjem", says.BAD_EMAIL),
            ("email", "a@b.example, c@d.example", says.BAD_EMAIL),
            ("email", f"{'a' * 120}@b.example", says.TOO_LONG),
            ("class", "A5", says.BAD_CLASS),
            ("class", "14A", says.BAD_CLASS),
            ("blocked", "kanskje", says.BAD_BLOCKED),
            ("guardian", "12", says.BAD_NAME),
            ("pupil", "noah@hjem.example", says.BAD_NAME),
            ("pupil", "N" * 81, says.TOO_LONG),
            ("pupil", "ß" * 41, says.TOO_LONG),
            ("pupil", "Noah\x00Berg", says.UNREADABLE),
        ],
    )
    def test_a_cell_is_refused_with_its_line(self, column: str, value: str, sentence: str) -> None:
        (problem,) = refused(people(LARS, NOAH | {column: value}))
        assert (problem.line, problem.sentence) == (3, sentence)
        assert told(problem).startswith("Line 3: ")

    def test_ages_at_the_border_are_plausible(self) -> None:
        for born in ("2000-11-21", "2026-11-20"):
            assert read(people(NOAH | {"pupil_birth_date": born})).pupils

    @pytest.mark.parametrize("column", PEOPLE_COLUMNS)
    @pytest.mark.parametrize("value", ["01051612345", "010516 12345", "01.05.16-12345", "fnr 01 05 16 123 45"])
    def test_national_identity_numbers_are_refused_and_not_repeated(self, column: str, value: str) -> None:
        (problem,) = refused(people(LARS, NOAH | {column: value}))
        assert (problem.line, problem.sentence) == (3, says.NATIONAL_ID)
        assert problem.fields == {"line": 3}

    def test_a_national_identity_number_without_a_column_is_refused_too(self) -> None:
        head, row = people(NOAH).splitlines()
        assert faults(f"{head},fnr\n{row},01051612345") == [(1, says.UNKNOWN_COLUMN), (2, says.NATIONAL_ID)]
        assert faults("01051612345,5A") == [(1, says.NATIONAL_ID)]

    def test_all_mistakes_are_told_at_once(self) -> None:
        rows = people(NOAH | {"phone": "1", "relation": "mor"}, LARS, LARS, NOAH | {"class": ""})
        assert faults(rows) == [
            (2, says.BAD_RELATION),
            (2, says.BAD_PHONE),
            (4, says.REPEATED_ROW),
            (5, says.EMPTY_CELL),
        ]

    def test_columns(self) -> None:
        head, row = people(NOAH).splitlines()
        text = f"{head.replace('phone', 'telephone').replace('blocked', 'class')},Shoe size\n{row},38"
        assert [told(problem) for problem in refused(text)] == [
            "Line 1: these columns are missing: phone, blocked. Add them to this line.",
            "Line 1: the column telephone is not known. Did you mean phone? Rename or delete it.",
            "Line 1: the column class is there twice. Keep one of them.",
            "Line 1: the column Shoe size is not known. Delete it.",
        ]

    def test_a_file_without_header_or_without_anything(self) -> None:
        assert faults(people(NOAH).splitlines()[1]) == [(1, says.NO_HEADER)]
        for text in ("", "\ufeff", "\n\n", " ,,\n"):
            assert faults(text) == [(1, says.EMPTY_FILE)]
        assert read(people()) == Roster((), ())

    def test_too_many_cells(self) -> None:
        head, row = people(NOAH).splitlines()
        assert faults(f"{head}\n{row},more") == [(2, says.EXTRA_CELLS)]
        assert read(f"{head},,\n{row},,").pupils

    def test_an_open_quotation_mark(self) -> None:
        text = people(NOAH, LARS).replace("Lars Berg", '"Lars Berg')
        assert faults(text) == [(3, says.BROKEN_QUOTES)]
        assert faults('"') == [(1, says.BROKEN_QUOTES)]

    def test_long_cells_are_cut_in_sentences(self) -> None:
        (problem,) = refused(people(NOAH | {"phone": "4" * 500}))
        assert len(told(problem)) < 300

    def test_it_is_a_domain_error_with_a_sentence(self) -> None:
        with pytest.raises(DomainError) as caught:
            read("")
        assert caught.value.code == "roster_invalid"
        assert "(1)" in caught.value.sentence.format(**caught.value.fields)


class TestStaff:
    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (KARI | {"classes": ""}, says.NO_CLASS),
            (KARI | {"role": "interpreter", "languages": ""}, says.NO_LANGUAGE),
            (KARI | {"role": "janitor"}, says.BAD_ROLE),
            (KARI | {"name": ""}, says.EMPTY_CELL),
            (KARI | {"classes": "5A staff"}, says.BAD_CLASS),
            (KARI | {"classes": "5A " * 40}, says.TOO_LONG),
            (KARI | {"languages": "nb, xxxx"}, says.BAD_LANGUAGE),
            (KARI | {"phone": "112"}, says.BAD_PHONE),
        ],
    )
    def test_a_cell_is_refused_with_its_line(self, row: dict[str, str], sentence: str) -> None:
        tom = KARI | {"name": "Tom Eide", "phone": "+4740000003", "email": "tom@skole.example"}
        assert faults(staff(tom, row), parse_staff) == [(3, sentence)]

    @pytest.mark.parametrize("change", [{}, {"phone": "", "email": ""}, {"classes": "5B"}])
    def test_a_role_is_written_once(self, change: dict[str, str]) -> None:
        assert faults(staff(KARI, KARI | change), parse_staff) == [(3, says.REPEATED_STAFF)]

    def test_a_number_belongs_to_one_name(self) -> None:
        assert faults(staff(KARI, KARI | {"name": "Tom Eide"}), parse_staff) == [(3, says.PHONE_OTHER_NAME)]

    def test_two_roles_are_two_lines_of_one_person(self) -> None:
        team = parse_staff(staff(KARI, KARI | {"role": "representative", "classes": "2B; 5A 2b"}))
        assert len({one.key for one in team.people}) == 1
        assert team.people[1].classes == ("2B", "5A")

    def test_two_contact_teachers_share_a_class(self) -> None:
        tom = KARI | {"name": "Tom Eide", "phone": "", "email": ""}
        keys = [one.key for one in parse_staff(staff(KARI, tom)).people]
        assert keys == ["tel:+4740000004", "name:tom eide|"]


# Property tests: what holds for every file.

letters = st.characters(categories=["Lu", "Ll", "Lo"], include_characters="-'")
words = st.text(letters, min_size=1, max_size=12).filter(lambda word: any(sign.isalpha() for sign in word))
names = st.lists(words, min_size=1, max_size=3).map(" ".join).map(clean)
ascii_words = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=10)
birth_dates = st.dates(TODAY.replace(year=TODAY.year - 20), TODAY)
class_names = st.builds("{}{}".format, st.integers(1, 10), st.sampled_from("ABCÆØÅ"))


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Schools that a file can hold: guardians with a number, an address, both, or (with one child) neither."""
    count = draw(st.integers(1, 6))
    guardians = []
    for number in range(count):
        phone = draw(st.sampled_from([None, f"+4790000{number:03}", f"+4860123456{number}"]))
        email = draw(st.none() | st.builds("{}.{}@hjem.example".format, ascii_words, st.just(number)))
        key = f"tel:{phone}" if phone else f"mailto:{email}"
        language = draw(st.none() | st.sampled_from(["nb", "pl", "ar", "prs"]))
        # The number in the name keeps namesakes with different ways to be reached out of one home.
        guardians.append(RosterGuardian(key, f"{draw(names)} {number}", language, phone, email, ()))
    pupils: list[RosterPupil] = []
    used: dict[str, list[int]] = {}
    line = 1
    renamed: dict[str, RosterGuardian] = {}
    for number in range(draw(st.integers(1, 5))):
        name, born = f"{draw(names)} {number}", draw(birth_dates)
        links = []
        for index in draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=3, unique=True)):
            line += 1
            guardian = guardians[index]
            if not guardian.phone and not guardian.email:
                key = f"name:{guardian.name.casefold()}|{name.casefold()}|{born}"
                guardian = replace(guardian, key=key)
            renamed[guardian.key] = guardian
            used.setdefault(guardian.key, []).append(line)
            relation, blocked = draw(st.sampled_from(Relation)), draw(st.booleans())
            links.append(RosterLink(guardian.key, relation, blocked, line))
        pupils.append(RosterPupil(name, born, draw(class_names), tuple(links), tuple(link.line for link in links)))
    return Roster(tuple(pupils), tuple(replace(renamed[key], lines=tuple(lines)) for key, lines in used.items()))


def rows_of(roster: Roster) -> list[dict[str, str]]:
    known = {guardian.key: guardian for guardian in roster.guardians}
    return [
        {
            "class": pupil.class_name,
            "pupil": pupil.name,
            "pupil_birth_date": pupil.birth_date.isoformat(),
            "guardian": known[link.guardian_key].name,
            "relation": link.relation.value,
            "language": known[link.guardian_key].language or "",
            "phone": known[link.guardian_key].phone or "",
            "email": known[link.guardian_key].email or "",
            "blocked": "yes" if link.blocked else "no",
        }
        for pupil in roster.pupils
        for link in pupil.guardians
    ]


@given(rosters(), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_what_is_written_is_read(roster: Roster, delimiter: str, end: str, marked: bool) -> None:
    text = write(rows_of(roster), PEOPLE_COLUMNS, delimiter, end)
    assert read(decode_csv(text.encode("utf-8-sig" if marked else "utf-8"))) == roster


CORRUPT = {
    "class": ["", "A5", "0A", "5A 5B"],
    "pupil": ["", "?", "a@b.example", "01051612345"],
    "pupil_birth_date": ["", "yesterday", "2016-13-01", "1916-05-31", "2916-05-31", "31.05.16"],
    "guardian": ["", "-", "x" * 81],
    "relation": ["", "mothr"],
    "language": ["n", "norwegain", "nb pl"],
    "phone": ["1", "+47 1", "call the office", "01051612345"],
    "email": ["@", "a@b", "a b@c.example"],
    "blocked": ["maybe", "2", "yes no"],
}


@given(rosters(), st.data())
def test_every_corrupted_cell_is_told_at_its_own_line(roster: Roster, data: st.DataObject) -> None:
    rows = rows_of(roster)
    index = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(PEOPLE_COLUMNS))
    rows[index][column] = data.draw(st.sampled_from(CORRUPT[column]))
    problems = refused(write(rows, PEOPLE_COLUMNS))
    assert [problem.line for problem in problems] == [index + 2]
    assert told(problems[0]).startswith(f"Line {index + 2}: ")


cells = st.sampled_from([*NOAH.values(), *KARI.values(), *PEOPLE_COLUMNS, '"', "\x00", "\ud800", "01051612345"])
sheets = st.lists(st.lists(st.text() | cells, max_size=10).map(",".join), max_size=5).map("\n".join)
headed = st.builds("{}\n{}".format, st.sampled_from([",".join(PEOPLE_COLUMNS), ",".join(STAFF_COLUMNS)]), sheets)


@given(st.text() | sheets | headed)
def test_no_text_is_an_accident(text: str) -> None:
    last = text.count("\n") + text.count("\r") + 1
    for parse in (read, parse_staff):
        for problem in outcome(partial(parse, text)):
            assert told(problem)
            assert 1 <= problem.line <= last


@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda text: text.encode("utf-16")))
def test_no_bytes_are_an_accident(data: bytes) -> None:
    assert {problem.sentence for problem in outcome(lambda: decode_csv(data))} <= {says.NOT_TEXT}


def outcome(attempt: Callable[[], object]) -> tuple[RosterProblem, ...]:
    """Return the problems of a refusal, of which there are some; nothing when it was accepted."""
    problems: tuple[RosterProblem, ...] | None = None
    try:
        attempt()
    except RosterInvalid as error:
        problems = error.problems
    assert problems != ()
    return problems or ()


@given(birth_dates, st.integers(0, 60))
def test_age_is_judged_on_the_given_day(born: date, years: int) -> None:
    day = born + timedelta(days=366 * years)
    text = people(NOAH | {"pupil_birth_date": born.isoformat()})
    if years > 25:
        assert faults(text, lambda file: parse_people(file, today=day)) == [(2, says.TOO_OLD)]
    elif years < 25:
        assert parse_people(text, today=day).pupils[0].birth_date == born
