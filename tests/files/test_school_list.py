"""Lists of schools: CSV of many kinds, workbooks, the ministry's annuaire; hostile ones are refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from scheduler.domain.places import School
from scheduler.errors import FaultyInput
from scheduler.files import school_list
from scheduler.files.school_list import read_school_list

COLLEGE = School("0670001A", "Collège du Rhin", "lower_secondary", "Strasbourg", 480)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"school,name,level,academy,pupils\n0670001A,Coll\xc3\xa8ge du Rhin,lower_secondary,Strasbourg,480\n",
        "\ufeffUAI;Nom;Type;Académie;Effectif\r\n0670001A;Collège du Rhin;Collège;Strasbourg;480\r\n".encode(),
        "UAI\tNom\tNiveau\tAcadémie\tEffectif\n0670001A\tCollège du Rhin\tcollège\tStrasbourg\t480".encode("cp1252"),
        (
            "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Code_postal;Libelle_academie;"
            "Nombre_d_eleves;Mail\n0670001A;Collège du Rhin;Collège;67000;Strasbourg;480;ce.0670001A@x.fr\n"
        ).encode(),
        workbook(
            ["Liste des établissements"],
            [],
            ["Académie", "UAI", "Nom", "Type", "Effectif"],
            ["Strasbourg", "0670001A", "Collège du Rhin", "Collège", 480.0],
        ),
    ],
    ids=["contract", "excel", "windows", "annuaire", "workbook"],
)
def test_the_same_school_is_found_in_each(content: bytes) -> None:
    assert read_school_list(content, "list").schools == (COLLEGE,)


def test_e_mail_addresses_are_kept_beside() -> None:
    found = read_school_list(b"UAI;Mail\n0670001A;a@x.fr\n0670002B;\n", "list")
    assert found.mails == {"0670001A": "a@x.fr"}
    assert [school.name for school in found.schools] == ["0670001A", "0670002B"]


def test_every_fault_is_told_with_its_line() -> None:
    text = b"UAI;Nom;Effectif\n0670001A;a;x\n;b;3\n0670001A;c;4\n"
    with pytest.raises(FaultyInput) as wrong:
        read_school_list(text, "liste.csv")
    assert [fault.line for fault in wrong.value.faults] == [2, 3, 4]
    assert {fault.file for fault in wrong.value.faults} == {"liste.csv"}


@pytest.mark.parametrize("content", [b"", b"name;pupils\nx;3\n", b"PK\x03\x04 no workbook", b"\x00\xff\xfe"])
def test_what_is_no_list_is_refused_with_a_remedy(content: bytes) -> None:
    with pytest.raises(FaultyInput) as wrong:
        read_school_list(content, "list")
    assert "UAI" in str(wrong.value) or "save the list as CSV" in str(wrong.value)


def test_a_workbook_that_unpacks_to_very_much_is_refused_before_it_does() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (school_list.LARGEST_UNPACKED + 1))
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(FaultyInput, match="unpacked, the workbook is larger"):
        read_school_list(out.getvalue(), "bomb.xlsx")


def test_a_sheet_of_very_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(school_list, "MOST_ROWS", 3)
    with pytest.raises(FaultyInput, match="more than 3 rows"):
        read_school_list(workbook(["UAI"], *([f"067000{n}A"] for n in range(5))), "list.xlsx")


def test_a_file_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(school_list, "LARGEST_FILE", 10)
    with pytest.raises(FaultyInput, match="larger than"):
        read_school_list(b"UAI\n0670001A\n", "list")
