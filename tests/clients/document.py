"""The parts of docs/pointing-clients.md that the tests write: the matrix, and each client's settings."""

import re

from programs import ROOT
from roster import CLIENTS, WHOLE_TOOLS

DOCUMENT = ROOT / "docs/pointing-clients.md"


def between(part):
    begin, end = f"<!-- {part}: written by tests/clients with --write-matrix -->\n", f"<!-- end of the {part} -->\n"
    return re.compile(f"({re.escape(begin)}).*?({re.escape(end)})", re.S)


def written(part):
    """What stands there now."""
    found = between(part).search(DOCUMENT.read_text())
    assert found, f"{DOCUMENT} has no place for the {part}"
    return found[0].removeprefix(found[1]).removesuffix(found[2])


def write(part, text):
    assert between(part).search(DOCUMENT.read_text()), f"{DOCUMENT} has no place for the {part}"
    DOCUMENT.write_text(between(part).sub(lambda found: found[1] + text + found[2], DOCUMENT.read_text()))


def table(rows):
    """Markdown without padding: a diff should show what changed."""
    lines = ["| " + " | ".join(row) + " |\n" for row in rows]
    return "".join([lines[0], "|" + "---|" * len(rows[0]) + "\n", *lines[1:]])


def settings():
    """A table for each client that is tried."""
    text = ""
    for sort in CLIENTS + WHOLE_TOOLS:
        rows = [["way", "setting"], *([way, f"`{setting}`"] for way, setting in sort.ways.items())]
        text += f"\n### {sort.name}\n\n{table(rows)}"
    return text + "\n"
