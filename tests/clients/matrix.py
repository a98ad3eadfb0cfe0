"""The matrix of client and way: printed at the end of a run, and kept in docs/pointing-clients.md."""

from roster import CLIENTS, WHOLE_TOOLS
from source_rows import SOURCE_ROWS
from ways import WAYS


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

    def table(self):
        return [["client", *WAYS], *self.rows()]

    def lines(self):
        """Its columns aligned for a terminal."""
        rows = self.table()
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        printed = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
                   for row in rows]
        return [printed[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *printed[1:]]
