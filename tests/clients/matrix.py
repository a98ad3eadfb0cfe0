"""The matrix of client and way: printed at the end of a run, and written to docs/pointing-clients.md when asked."""

import re
from pathlib import Path

from roster import CLIENTS, WHOLE_TOOLS
from source_rows import SOURCE_ROWS
from ways import WAYS

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs/pointing-clients.md"
BEGIN, END = "<!-- matrix: written by tests/clients with --write-matrix -->\n", "<!-- end of the matrix -->\n"


class Matrix:
    """What the tests of each cell came to."""

    def __init__(self):
        self.cells = {}

    def record(self, cell, outcome):
        name, way, operation = cell
        self.cells.setdefault((name, way), {})[operation] = outcome

    def cell(self, sort, way):
        if way in sort.no:
            return f"no: {sort.no[way]}"
        if way not in sort.ways:
            return "—"
        outcomes = self.cells.get((sort.name, way), {})
        failed = [operation for operation, outcome in outcomes.items() if outcome == "failed"]
        if failed:
            return f"FAILED: {', '.join(failed)}"
        wanted = len(outcomes) - len(sort.lacks)
        passed = list(outcomes.values()).count("passed")
        return "yes" if outcomes and passed == wanted else "not run"

    def rows(self):
        for sort in CLIENTS + WHOLE_TOOLS:
            yield [sort.name, *(self.cell(sort, way) for way in WAYS)]
        for name, cells in SOURCE_ROWS.items():
            yield [name, *(cells.get(way, "—") for way in WAYS)]

    def lines(self):
        """The table in Markdown, its columns aligned for a terminal."""
        rows = [["client", *WAYS], *self.rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        printed = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
                   for row in rows]
        return [printed[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *printed[1:]]

    def write(self):
        old = DOCUMENT.read_text()
        between = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
        assert between.search(old), f"{DOCUMENT} has no place for the matrix"
        table = "".join(f"{line}\n" for line in compact(self.lines()))
        DOCUMENT.write_text(between.sub(lambda _: f"{BEGIN}{table}{END}", old))


def compact(lines):
    """Without the padding: a document's diff should show what changed."""
    for line in lines:
        yield re.sub(r"-{3,}", "---", re.sub(r" {2,}\|", " |", line)) if line.startswith("|-") else re.sub(
            r" {2,}\|", " |", line)
