#!/usr/bin/env python3
"""Reads every form of a dataset with software that is not ours, and holds each against the JSON.

usage: read_back.py FOLDER NAME

FOLDER holds NAME.json, .jsonl, .csv, .xlsx, .parquet, .dictionary.csv, .datapackage.json (which describes NAME.csv), and NAME.id.csv
and NAME.en.csv, written for spreadsheets in either language. Says what it read as JSON; ends with 1 and the first difference if two
of them do not say the same.
"""

import csv
import datetime
import json
import sys
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet
from frictionless import Package

ZONE = datetime.timezone(datetime.timedelta(hours=7))  # the city's
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def fail(form, row, column, got, expected):
    sys.exit(f"{form}, row {row}, {column}: {got!r} instead of {expected!r}")


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def plain(text):
    """A text cell as it was before it was defused."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def compare(form, kinds, rows, told, same):
    """`same(kind, got, expected)` says whether a cell is what the JSON says."""
    if len(rows) != len(told):
        sys.exit(f"{form}: {len(rows)} rows instead of {len(told)}")
    for nth, (row, expected) in enumerate(zip(rows, told)):
        for name, kind in kinds.items():
            if not same(kind, row[name], expected[name]):
                fail(form, nth, name, row[name], expected[name])


def in_text(mark, has_zone):
    """A cell of a CSV with this decimal mark."""

    def same(kind, got, expected):
        if expected is None:
            return got == ""
        if kind in ("number", "integer"):
            return float(got.replace(mark, ".")) == float(expected)
        if kind == "datetime" and not has_zone:
            local = moment(expected).astimezone(ZONE).replace(tzinfo=None, microsecond=0)
            return datetime.datetime.strptime(got, "%Y-%m-%d %H:%M:%S") == local
        return plain(got) == expected

    return same


def in_workbook(kind, got, expected):
    if expected is None:
        return got is None
    if kind == "date":
        return isinstance(got, datetime.datetime) and got.date().isoformat() == expected
    if kind == "datetime":
        local = moment(expected).astimezone(ZONE).replace(tzinfo=None)
        return isinstance(got, datetime.datetime) and abs(got - local) < datetime.timedelta(milliseconds=1)
    if kind in ("number", "integer"):
        # Excel keeps 15 digits; the file has them all.
        return isinstance(got, (int, float)) and not isinstance(got, bool) and float(got) == float(expected)
    return isinstance(got, str) and not got.startswith(FORMULA) and plain(got) == expected


def in_parquet(kind, got, expected):
    if expected is None:
        return got is None
    if kind == "date":
        return isinstance(got, datetime.date) and got.isoformat() == expected
    if kind == "datetime":
        return got.tzinfo is not None and got == moment(expected)
    return got == expected


PARQUET = {
    "string": pyarrow.string(),
    "date": pyarrow.date32(),
    "datetime": pyarrow.timestamp("ms", tz="UTC"),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
}


def records(path, delimiter, encoding="utf-8"):
    with open(path, newline="", encoding=encoding) as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def workbook(path, name):
    book = openpyxl.load_workbook(path)
    sheet = book[name]
    lines = list(sheet.iter_rows(values_only=True))
    head, rows = lines[0], [dict(zip(lines[0], line)) for line in lines[1:]]
    if sheet.freeze_panes != "A2":
        sys.exit(f"xlsx: the head does not stay ({sheet.freeze_panes})")
    if sheet.auto_filter.ref is None or not sheet.auto_filter.ref.startswith("A1:"):
        sys.exit("xlsx: there is no filter")
    if any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row):
        sys.exit("xlsx: a cell is a formula")
    if len(book.sheetnames) != 3:
        sys.exit(f"xlsx: {book.sheetnames}")
    meanings = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    if [line[0] for line in meanings] != list(head) or not all(line[1] for line in meanings):
        sys.exit("xlsx: the dictionary does not tell every column")
    return rows, [line[1] for line in book.worksheets[2].iter_rows(min_row=2, values_only=True)]


def main(folder, name):
    read = lambda end: (folder / f"{name}.{end}").read_text(encoding="utf-8")
    told = json.loads(read("json"))
    descriptor = json.loads(read("datapackage.json"))
    kinds = {field["name"]: field["type"] for field in descriptor["resources"][0]["schema"]["fields"]}

    lines = [json.loads(line) for line in read("jsonl").splitlines()]
    if lines != told:
        sys.exit("jsonl: not the rows of the JSON")
    compare("csv", kinds, records(folder / f"{name}.csv", ","), told, in_text(".", True))
    for language, delimiter, mark in (("id", ";", ","), ("en", ",", ".")):
        path = folder / f"{name}.{language}.csv"
        if not path.read_bytes().startswith(b"\xef\xbb\xbf"):
            sys.exit(f"{path.name}: there is no byte-order mark")
        compare(path.name, kinds, records(path, delimiter, "utf-8-sig"), told, in_text(mark, False))
    rows, about = workbook(folder / f"{name}.xlsx", name)
    compare("xlsx", kinds, rows, told, in_workbook)

    table = pyarrow.parquet.read_table(folder / f"{name}.parquet")
    for field in table.schema:
        if field.type != PARQUET[kinds[field.name]]:
            sys.exit(f"parquet, {field.name}: {field.type} instead of {PARQUET[kinds[field.name]]}")
    compare("parquet", kinds, table.to_pylist(), told, in_parquet)
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}

    meanings = records(folder / f"{name}.dictionary.csv", ",")
    if [row["column"] for row in meanings] != list(kinds):
        sys.exit("dictionary: not the columns of the file")

    package = Package(str(folder / f"{name}.datapackage.json"))
    report = package.validate()
    if not report.valid:
        sys.exit(f"frictionless: {report.flatten(['fieldName', 'rowNumber', 'type', 'note'])[:5]} {report.errors}")
    stats = report.tasks[0].stats
    print(
        json.dumps(
            {
                "rows": len(told),
                "columns": len(kinds),
                "validated": stats.get("rows"),
                "ids": {"parquet": metadata["siaga.id"], "package": descriptor["id"], "xlsx": about[-1]},
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
