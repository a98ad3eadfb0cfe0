"""deploy/grafana: the dashboard is what Grafana's schema says, and each of its queries finds something.

Grafana itself is in no package registry; its schema is, as the types of grafana-foundation-sdk.
"""

import json
import re

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from conftest import ROOT, needs

pytestmark = [needs("prometheus"), pytest.mark.xdist_group("prometheus")]

GRAFANA = ROOT / "deploy/grafana"
DASHBOARD = json.loads((GRAFANA / "dashboards/coswhy.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
EXPRESSIONS = {f"{panel['title']}: {target['expr']}": target["expr"] for panel in PANELS for target in panel["targets"]}
# As Grafana would fill them in.
VARIABLES = {"$job": "coswhy", "$instance": ".+", "$__rate_interval": "1m", "$__range": "5m"}


def filled(expression):
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return expression


def test_the_schema_knows_every_member_of_the_dashboard():
    register_default_plugins()
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(DASHBOARD)))
    assert list(lost(DASHBOARD, read, "dashboard")) == []


def lost(written, read, where):
    """What the types did not take up, or took up as something else."""
    if isinstance(written, dict) and isinstance(read, dict):
        for name, value in written.items():
            yield from lost(value, read[name], f"{where}.{name}") if name in read else [f"{where}.{name}"]
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for number, pair in enumerate(zip(written, read)):
            yield from lost(*pair, f"{where}[{number}]")
    elif written != read:
        yield f"{where}: {written!r} became {read!r}"


def test_panels_do_not_lie_on_each_other():
    taken, ids = set(), [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken and max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells


@pytest.mark.parametrize("name", EXPRESSIONS, ids=list(EXPRESSIONS))
def test_every_query_finds_something(prometheus, name):
    assert prometheus.query(filled(EXPRESSIONS[name])), "no data"


def test_variables_and_marks_are_queries_that_prometheus_takes(prometheus):
    for mark in DASHBOARD["annotations"]["list"]:
        prometheus.query(filled(mark["expr"]))
    for variable in [v for v in DASHBOARD["templating"]["list"] if v["type"] == "query"]:
        series, label = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"]).groups()
        assert prometheus.ask(f"label/{label}/values", **{"match[]": filled(series)})["data"], variable["name"]


def test_provisioning_leads_to_the_dashboard_and_to_prometheus():
    source, = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())["datasources"]
    assert (source["type"], source["url"]) == ("prometheus", "http://127.0.0.1:9090")
    provider, = yaml.safe_load((GRAFANA / "provisioning/dashboards/coswhy.yml").read_text())["providers"]
    assert (provider["type"], provider["options"]["path"]) == ("file", "/var/lib/grafana/dashboards")
