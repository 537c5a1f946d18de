"""Every sentence of the program is in a French catalogue, with the same placeholders and in French typography."""

from __future__ import annotations

import calendar
import re
from collections import Counter, defaultdict
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

import pytest
from babel.messages.pofile import read_po
from catalogue import said_by_file, said_in, said_in_template

from scheduler import cli, translation, wording
from scheduler.errors import Fault
from scheduler.wording import T

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PASSED_ON = [
    ("scheduler/cli/main.py", "T(template)"),
    ("scheduler/store/sentences.py", "Text(document['says'], tuple(values.items()))"),
    ("scheduler/wording.py", "Text(template, tuple(values.items()))"),
    ("web/languages.py", "Text(template, tuple(values.items()))"),
]
"""The calls without a literal: `words`, `T` and the `T` of pages pass on what they were given; kept ones come back."""

TYPED = {
    'a time such as "08:00"': ('"08:00"',),
    'write a quotation mark inside a cell twice, as in "the ""blue"" room"': ('"la ""grande"" salle"',),
    "write a number such as 20000, +15000, -8000 or, for a change, -50%": ("-50%",),
}
"""What a French sentence shows as it is typed in a file, so without French typography."""

PREFIX = re.compile(r"(\{place\}(?=: \{what\})|[a-z]+\.(csv|json)(:\{line\})?): ")
"""``file:line: ``, which programs read, opens a sentence as it does in English."""

NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"

UNLIKE_FRENCH = {
    "a straight or English quotation mark": re.compile(r"""['"“”]"""),
    "an ordinary space that can break": re.compile(rf" [:;!?%»]|«[^{NO_BREAK}]|\}} (min|s|h)\b|n° "),
    "another space than U+202F before ; ! ?": re.compile(rf"[^{NARROW}«{NO_BREAK}][;!?](\s|$)|[^«]{NO_BREAK}[;!?]"),
    "another space than U+00A0 before : % »": re.compile(rf"[^{NO_BREAK}](:(?=\s|$)|[%»])"),
    "three dots": re.compile(r"\.\.\."),
    "two spaces, or one at an end": re.compile(r"[^\S\n]{2}|\s[^\S\n]|[^\S\n]\s|\n{3}|^\s|\s$"),
}

SAME_WORDS = {
    "platforms?": "plateforme",
    "schools?(?! year)": "établissement",
    "teachers?": "professeur",
    "sessions?": "séance",
    "slots?": "créneau",
    "limit": "plafond",
    "capacity": "capacité",
    "loads?": "charge",
    "access windows?": "plages? d’accès",
    "lower bound": "borne inférieure",
    "shift(ed)?": "décal(age|ée)",
    "overload": "dépassement",
    "alternatives?": "variante",
    "usual timetable": "emploi du temps habituel",
    "usual times": "horaires habituels",
    "horizon": "horizon",
    "gap": "écart",
    "region folder": "dossier de région",
    "plan folder": "dossier de plan",
}
"""One English word, one French word; both are regular expressions, whatever the case."""

NO_WORD = re.compile(r"\w+\.(csv|toml|json)|\{\w+\}|^platforms(?=:)|in the folder sessions|Without limit")
"""What is a name or a figure of speech, and not one of those words."""


class Entry(NamedTuple):
    """An entry of a catalogue."""

    english: str
    french: str
    files: tuple[str, ...]


@pytest.fixture(scope="module")
def sentences() -> dict[str, set[str]]:
    """Every sentence of the program, with the modules that say it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, calls in said_by_file().items():
        for said in calls:
            for literal in filter(None, said.literals):
                found[literal].add(name)
    return dict(found)


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    """Every entry of the French catalogues, in their order."""
    found = [entry for catalog in catalogs().values() for entry in catalog if entry.id]
    assert not any(entry.fuzzy for entry in found)
    return [Entry(str(entry.id), str(entry.string), tuple(name for name, _ in entry.locations)) for entry in found]


def catalogs() -> dict[str, Catalog]:
    """Read the French catalogues by their names."""
    found = {}
    for path in sorted((files("scheduler") / "translations" / "fr").iterdir(), key=lambda one: one.name):
        if path.name.endswith(".po"):
            with path.open("rb") as file:
                found[path.name] = read_po(file, abort_invalid=True)
    return found


@pytest.fixture
def french(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sentences speak French, and leave no translator to other tests."""
    monkeypatch.setattr(wording, "_translator", [])
    translation.install()


def placeholders(template: str) -> Counter[str]:
    """Count the names in braces, with what is said of their format."""
    return Counter(
        f"{name}!{conversion}:{spec}" for _, name, spec, conversion in Formatter().parse(template) if name is not None
    )


def test_sentences_are_found_however_they_are_written() -> None:
    source = """
T("one")
wording.T("two " "halves {n}", n=1)
say(T("one thing") if count == 1 else T("{count} things", count=count))
T("yes" if sure else "no")
Text("bare")
parser.add_argument("--quiet", help=words("no progress"))
T(f"of {what}")
T(known if known else "other")
"""
    found = list(said_in(source))
    literals = sorted(literal for said in found for literal in said.literals)
    assert literals == ["bare", "no", "no progress", "one", "one thing", "two halves {n}", "yes", "{count} things"]
    unread = [said.call for said in found if not said.literals]
    assert unread == ["T(f'of {what}')", "T(known if known else 'other')"]


def test_sentences_of_templates_are_found() -> None:
    source = (
        """{{ T("one") }} {% if T('two', n=1) %}{{ T("yes" if sure else "no") }}{{ T(known) }}{% endif %} T("not")"""
    )
    found = list(said_in_template(source))
    assert sorted(literal for said in found for literal in said.literals) == ["no", "one", "two", "yes"]
    assert [said.call for said in found if not said.literals] == ["T(…), line 1"]


def test_every_sentence_is_a_literal() -> None:
    unread = [(name, said.call) for name, calls in said_by_file().items() for said in calls if not said.literals]
    assert unread == PASSED_ON


def test_every_sentence_is_in_the_catalogue(sentences: dict[str, set[str]], entries: list[Entry]) -> None:
    translated = {entry.english for entry in entries if entry.french}
    assert {english: names for english, names in sentences.items() if english not in translated} == {}


def test_nothing_in_the_catalogue_is_unused(sentences: dict[str, set[str]], entries: list[Entry]) -> None:
    assert [entry.english for entry in entries if entry.english not in sentences] == []


def test_every_entry_names_files_that_say_it(sentences: dict[str, set[str]], entries: list[Entry]) -> None:
    said_by = {entry: sentences.get(entry.english, set()) for entry in entries}
    assert [entry for entry, names in said_by.items() if not entry.files or not names.issuperset(entry.files)] == []
    assert [count for count in Counter(entry.english for entry in entries).values() if count > 1] == []


def test_headers_name_the_language() -> None:
    told = {name: (str(one.locale), one.charset, one.plural_expr) for name, one in catalogs().items()}
    assert told == dict.fromkeys(told, ("fr", "utf-8", "(n > 1)"))
    assert [name for name, one in catalogs().items() if "README.md" not in one.header_comment] == []


def test_placeholders_agree(entries: list[Entry]) -> None:
    assert [entry for entry in entries if placeholders(entry.english) != placeholders(entry.french)] == []


@pytest.mark.parametrize("what", UNLIKE_FRENCH)
def test_typography_is_french(what: str, entries: list[Entry]) -> None:
    wrong = []
    for entry in entries:
        text = PREFIX.sub("", entry.french, count=1)
        for typed in TYPED.get(entry.english, ()):
            assert typed in text
            text = text.replace(typed, "x")
        if UNLIKE_FRENCH[what].search(text):
            wrong.append(entry.french)
    assert wrong == []


SMALL_IN_FRENCH = {*calendar.day_name, *calendar.month_name}
"""Names of days and months."""


def test_sentences_begin_and_end_alike(entries: list[Entry]) -> None:
    """What begins in lower case goes behind ``file:line: ``; what ends in a full stop stands alone."""
    wrong = []
    for english, french, _ in entries:
        if english in SMALL_IN_FRENCH:
            continue
        cases = {text[0].isupper() for text in (english, french) if text[0].isalpha()}
        if len(cases) == 2 or {english[-1] in ".?", french[-1] in ".?"} == {True, False}:
            wrong.append((english, french))
    assert wrong == []


@pytest.mark.parametrize("word", SAME_WORDS)
def test_one_word_is_translated_in_one_way(word: str, entries: list[Entry]) -> None:
    asked, given = re.compile(rf"\b{word}\b", re.IGNORECASE), re.compile(SAME_WORDS[word], re.IGNORECASE)
    about = [entry for entry in entries if asked.search(NO_WORD.sub("", entry.english))]
    assert about
    assert [(english, french) for english, french, _ in about if not given.search(french)] == []


def test_the_catalogue_is_what_the_file_says(entries: list[Entry]) -> None:
    assert translation.catalogue("fr") == {entry.english: entry.french for entry in entries}
    assert translation.catalogue("en") == {}


@pytest.mark.usefixtures("french")
def test_sentences_speak_the_reader_s_language() -> None:
    kind = T("access window")
    text = T("school “{school}” has no {kind} “{key}”", school="0670001A", kind=kind, key="P-MO")
    said = f"l’établissement «{NO_BREAK}0670001A{NO_BREAK}» n’a pas de plage d’accès «{NO_BREAK}P-MO{NO_BREAK}»"
    assert text.in_language("fr") == said
    assert text.in_language("en") == str(text) == "school “0670001A” has no access window “P-MO”"
    assert T("a sentence that nobody has translated").in_language("fr") == "a sentence that nobody has translated"


@pytest.mark.usefixtures("french")
def test_a_fault_keeps_its_place_as_programs_read_it() -> None:
    fault = Fault("sessions/0670001A.csv", 12, T("{column} is empty", column="start"), T("fill it in"))
    said = f"sessions/0670001A.csv:12: start est vide{NARROW}; remplissez cette cellule"
    assert fault.in_language("fr") == said


def test_without_a_translator_sentences_are_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_translator", [])
    assert T("the disk is full").in_language("fr") == "the disk is full"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "FR_CA"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "fr_FR.UTF-8", "LANG": "en_GB.UTF-8"}, "fr"),
        ({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LC_MESSAGES": "fr_FR.UTF-8", "LANG": "en_GB.UTF-8"}, "fr"),
        ({"LC_ALL": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "en"),
        ({"ETALE_LANG": "fr", "LC_ALL": "en_GB.UTF-8", "LANG": "en_GB.UTF-8"}, "fr"),
        ({"ETALE_LANG": "en", "LC_ALL": "fr_FR.UTF-8", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"ETALE_LANG": "", "LANG": "fr_FR.UTF-8"}, "fr"),
        ({"ETALE_LANG": "de", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_of_a_terminal(environment: dict[str, str], language: str) -> None:
    assert translation.language_of(environment) == language


@pytest.mark.usefixtures("french")
def test_the_command_line_speaks_french(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ETALE_LANG", "fr")
    assert cli.main(["demo", "--region", "Elsass"]) == cli.FAULTY
    said = capsys.readouterr().err
    assert f"la région «{NO_BREAK}Elsass{NO_BREAK}» n’est pas dans la liste fournie" in said
    assert f"etale: 1 erreur{NARROW}; rien n’a été fait" in said


@pytest.mark.usefixtures("french")
def test_help_is_shown_in_both_languages(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Help is formatted with ``%`` and its lines are broken; a French sentence must bear both."""
    for language, words in (("fr", "dossier de plan à écrire"), ("en", "plan folder to write")):
        monkeypatch.setenv("ETALE_LANG", language)
        with pytest.raises(SystemExit) as ended:
            cli.main(["stagger", "--help"])
        assert ended.value.code == 0
        assert words in capsys.readouterr().out
