"""The description (OpenAPI) is true of the running server: Schemathesis asks, and checks every answer against it."""

import json
import subprocess
import sys
from pathlib import Path

from conftest import TOKEN
from programs import environment

HERE = Path(__file__).parent


def report(output):
    """Without the tool's own insides, which come as lines of hundreds of kilobytes."""
    return "\n".join(line[:300] for line in output.splitlines()[:300])


def test_every_answer_is_as_described(api, tmp_path):
    command = [Path(sys.executable).parent / "schemathesis", "--config-file", HERE / "schemathesis.toml", "run",
               f"{api.url}/openapi.json", "-H", f"Authorization: Bearer {TOKEN}", "--checks", "all",
               "--max-examples", "25", "--request-timeout", "10", "--continue-on-failure"]
    ran = subprocess.run([str(part) for part in command], cwd=tmp_path, env=environment(NO_COLOR="1"), timeout=120,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert ran.returncode == 0, report(ran.stdout)


def test_it_is_the_file_in_the_source(api):
    text = (HERE.parent.parent / "src/admin/openapi.json").read_text()
    assert api.get("/openapi.json").json() == json.loads(text)


def test_each_diagnosis_is_as_described_in_both_languages(api):
    items = api.get("/diagnoses", params={"limit": 1000}).json()
    api.check(items, "Diagnoses")
    assert len({item["cause"] for item in items["diagnoses"]}) >= 5
    for item in items["diagnoses"]:
        for language in ("en", "zh"):
            whole = api.get(f"/diagnoses/{item['id']}", params={"lang": language})
            assert "s3cret" not in whole.text
            api.check(whole.json(), "Whole")
            exchange = whole.json()["exchange"]
            assert exchange["request"]["headers"] and exchange["times"]["upstream_ms"] is not None


def test_groups_count_what_came_again(api):
    groups = api.get("/groups").json()
    api.check(groups, "Groups")
    assert all(group["count"] >= 3 and sum(group["timeline"]["counts"]) == group["count"] for group in groups["groups"])
