"""The query of docs/scaling.md over the logs of two copies, by ClickHouse itself."""

import json
import re

import pytest

from conftest import HIDDEN, ROOT, Running, ask, quiet_environment

session = pytest.importorskip(
    "chdb.session", reason="chdb-core is not installed: half a gigabyte, so tests/run leaves it out")
MISSING = "nosuchbucket-1250000000.cos.ap-guangzhou.myqcloud.com"


@pytest.fixture(scope="module")
def lines(coswhy, cos):
    """The logs of two copies, each line with the copy's name, as shippers add it."""
    found = []
    for instance, hosts in {"a": [HIDDEN, HIDDEN, MISSING], "b": [HIDDEN]}.items():
        with Running([coswhy, "serve"], quiet_environment(COSWHY_UPSTREAM__URL=cos)) as running:
            for host in hosts:
                ask(running.port, "GET", "/secret.txt", host=host)
        found += [json.dumps(json.loads(line) | {"instance": instance}) for line in running.output.splitlines()]
    return found


def test_clickhouse_groups_the_failures_of_all_copies(lines, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(lines))
    with session.Session() as database:
        database.query("CREATE DATABASE logs ENGINE = Atomic")
        database.query("USE logs")
        database.query((ROOT / "deploy/clickhouse/requests.sql").read_text())
        for setting in ("input_format_skip_unknown_fields = 1", "date_time_input_format = 'best_effort'"):
            database.query(f"SET {setting}")
        database.query(f"INSERT INTO coswhy_requests FROM INFILE '{log}' FORMAT JSONEachRow")
        [query] = re.findall(r"```sql\n(.*?)```", (ROOT / "docs/scaling.md").read_text(), re.S)
        rows = [json.loads(row) for row in str(database.query(query, "JSONEachRow")).splitlines()]
    first = rows[0]
    assert (first["cause"], first["bucket"]) == ("anonymous-access-denied", "examplebucket-1250000000")
    assert (int(first["failures"]), int(first["copies"])) == (3, 2) and first["example"]
