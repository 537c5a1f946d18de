"""The sentences of the program and the catalogues of their French.

``python tests/support/catalogue.py`` puts them in order: entries stand in the catalogue of the room that says them
first, in the order of files and sentences; doubles and unused entries go, and sentences that want French are listed.
New ones can be written into any catalogue, or one of their own.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import jinja2
from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "scheduler" / "translations" / "fr"

ROOMS = ("scheduler", "web")

MARKS = ("T", "Text", "words")
"""What makes a sentence of its first argument; `words`, in the command line, passes it on to `T`."""


class Said(NamedTuple):
    """A call that makes a sentence: what its first argument can be (nothing where that is no literal), and the call."""

    literals: tuple[str, ...]
    call: str


def said_in(source: str) -> Iterator[Said]:
    """Find the calls in a module that make sentences."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            mark = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            if mark in MARKS and node.args:
                yield Said(tuple(_literals(node.args[0])), ast.unparse(node))


def _literals(argument: ast.expr) -> list[str]:
    """Give the strings that an argument can be; strings written one behind the other are one already."""
    if isinstance(argument, ast.IfExp):
        either, other = _literals(argument.body), _literals(argument.orelse)
        return either + other if either and other else []
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    return []


def said_in_template(source: str) -> Iterator[Said]:
    """Find the calls ``T("…")`` in a Jinja template."""
    for node in jinja2.Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name in MARKS and node.args:
            yield Said(tuple(_literals_in_template(node.args[0])), f"T(…), line {node.lineno}")


def _literals_in_template(argument: nodes.Expr) -> list[str]:
    if isinstance(argument, nodes.CondExpr) and argument.expr2 is not None:
        either, other = _literals_in_template(argument.expr1), _literals_in_template(argument.expr2)
        return either + other if either and other else []
    if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
        return [argument.value]
    return []


def said_by_file() -> dict[str, list[Said]]:
    """Give what every module and template of the program says, by path, in order."""
    found = {}
    for room in ROOMS:
        for path in sorted([*(ROOT / room).rglob("*.py"), *(ROOT / room).rglob("*.html")]):
            said = said_in if path.suffix == ".py" else said_in_template
            found[path.relative_to(ROOT).as_posix()] = list(said(path.read_text(encoding="utf-8")))
    return dict(sorted(found.items()))


def catalogue_of(file: str) -> str:
    """Name the catalogue of what a module or template says."""
    first, *inner = file.split("/")
    if first == "web":
        return "web_region.po" if "region" in inner[:-1] else "web.po"
    return f"{inner[0] if len(inner) > 1 else first}.po"


def put_in_order() -> list[str]:
    """Rewrite the catalogues in order; give the sentences that they lack."""
    french, heads = _read()
    entries: dict[str, list[str]] = {}
    lacking, seen = [], set()
    for file, said in said_by_file().items():
        for sentence in (literal for one in said for literal in one.literals if literal):
            if sentence in seen:
                continue
            seen.add(sentence)
            if sentence in french:
                entries.setdefault(catalogue_of(file), []).append(f"#: {file}\n{french[sentence]}")
            else:
                lacking.append(f"{file}: {sentence}")
    for path in CATALOGUES.glob("*.po"):
        path.unlink()
    for name, blocks in entries.items():
        text = "\n\n".join([heads.get(name, next(iter(heads.values()))), *blocks])
        (CATALOGUES / name).write_text(f"{text}\n", encoding="utf-8")
    return lacking


def _read() -> tuple[dict[str, str], dict[str, str]]:
    """Read what is translated, by English sentence, and the head of each catalogue."""
    french: dict[str, str] = {}
    heads = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        head, *blocks = re.split(r"\n\n(?=#: )", path.read_text(encoding="utf-8").rstrip("\n"))
        heads[path.name] = head
        for block in blocks:
            english, _, body = block.partition("msgid ")[2].partition("\nmsgstr ")
            if body.strip('"\n'):
                french.setdefault(_unquoted(english), f"msgid {english}\nmsgstr {body}")
    return french, heads


def _unquoted(lines: str) -> str:
    return "".join(ast.literal_eval(line) for line in lines.splitlines())


if __name__ == "__main__":
    lacking = put_in_order()
    sys.stdout.writelines(f"{sentence}\n" for sentence in lacking)
    sys.exit(bool(lacking))
