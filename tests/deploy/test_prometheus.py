"""deploy/prometheus: promtool takes every file, and a real Prometheus finds coswhy's metrics with them."""

import functools
import re
import urllib.request

import pytest
import yaml

from conftest import ROOT, needs, run
from watched import PASSED, PROMETHEUS, REFUSED, TOKEN, UNANSWERED

METRICS = (ROOT / "docs/metrics.md").read_text()
TESTS = sorted(PROMETHEUS.glob("tests/*.yml"))

pytestmark = [needs("prometheus"), pytest.mark.xdist_group("prometheus")]


def promtool(*arguments, **more):
    return run("promtool", *arguments, timeout=60, **more)


@functools.cache
def alerts():
    groups = yaml.safe_load((PROMETHEUS / "coswhy.alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def test_promtool_takes_settings_and_rules():
    promtool("check", "config", PROMETHEUS / "prometheus.yml")
    promtool("check", "rules", *PROMETHEUS.glob("coswhy.*.yml"))


def test_alerts_fire_when_they_should_and_not_before():
    promtool("test", "rules", *TESTS)


def test_every_alert_is_tried_firing_and_silent():
    fires, silent = set(), set()
    for test in [test for file in TESTS for test in yaml.safe_load(file.read_text())["tests"]]:
        for check in test["promql_expr_test"]:
            firing = set(re.findall(r'alertname="(\w+)"', str(check["exp_samples"])))
            fires |= firing
            silent |= {name for name in alerts() if test["name"].startswith(name)} - firing
    assert fires == silent == set(alerts())


@pytest.mark.parametrize("name", alerts())
def test_every_alert_says_what_is_wrong_and_where_to_read_on(name):
    annotations = alerts()[name]["annotations"]
    assert annotations["summary"] and annotations["description"]
    assert alerts()[name]["labels"]["severity"] in ("critical", "warning")
    file, anchor = annotations["runbook_url"].split("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / file).read_text(), re.MULTILINE)
    assert anchor in [heading.lower().replace(" ", "-") for heading in headings]


def test_the_causes_that_rules_name_exist():
    known = {page.stem for page in (ROOT / "docs/causes").glob("*.md")}
    for file in PROMETHEUS.glob("coswhy.*.yml"):
        for pattern in re.findall(r'cause=~?"([^"]+)"', file.read_text()):
            parts = re.split(r"\|(?![^(]*\))", pattern)
            assert all(any(re.fullmatch(part, cause) for cause in known) for part in parts), pattern
            alternatives = [(start, each) for start, all_of in re.findall(r"([\w-]+-)\(([^)]+)\)", pattern)
                            for each in all_of.split("|")]
            assert {start + each for start, each in alternatives} <= known


def test_all_are_scraped_with_the_token_and_none_without(prometheus):
    up = {(each["metric"]["job"], each["metric"]["instance"]): each["value"][1] for each in prometheus.query("up")}
    assert up == {("coswhy", prometheus.served): "1", ("coswhy", prometheus.lonely): "1",
                  ("coswhy", prometheus.demo): "1", ("without-token", prometheus.served): "0"}


def test_every_metric_of_the_document_is_found(prometheus):
    section = METRICS
    rows = [line for line in section.splitlines() if re.search(r"\| (counter|gauge|histogram|info) \|", line)]
    documented = {(name, row) for row in rows for name in re.findall(r"`((?:coswhy|process)_\w+)`", row.split("|")[1])}
    found = set(prometheus.ask("label/__name__/values")["data"])
    for name, row in documented:
        name = f"{name}_bucket" if "| histogram |" in row else name
        # What is switched off has no figures.
        assert name in found or name.startswith(("coswhy_store_", "coswhy_trace")), name


def test_figures_are_those_of_the_traffic(prometheus):
    def served(name, labels=""):
        return prometheus.value(f'sum({name}{{instance="{prometheus.served}"{labels}}})')

    assert served("coswhy_requests_total", ', status_class="2xx"') == 2 * PASSED
    refused = ', cause="anonymous-access-denied", confidence="certain", bucket="examplebucket-1250000000"'
    assert served("coswhy_diagnoses_total", refused) == 2 * REFUSED
    opened, reused = served("coswhy_upstream_connections_opened_total"), served("coswhy_upstream_connections_reused_total")
    assert opened >= 1 and opened + reused == 2 * (PASSED + REFUSED)
    # The upstream may have closed them by now.
    assert 0 <= served("coswhy_upstream_connections_idle") <= opened
    assert served("coswhy_overhead_duration_seconds_count") == 2 * (PASSED + REFUSED)
    whole, own = served("coswhy_request_duration_seconds_sum"), served("coswhy_overhead_duration_seconds_sum")
    assert 0 < own < whole
    failed = f'coswhy_upstream_connections_failed_total{{instance="{prometheus.lonely}", kind="connection_refused"}}'
    assert prometheus.value(failed) == 2 * UNANSWERED


def test_the_rules_are_loaded_and_evaluated(prometheus):
    groups = prometheus.ask("rules")["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert {rule["name"] for rule in rules if rule["type"] == "alerting"} == set(alerts())
    assert [rule for rule in rules if rule["health"] != "ok"] == []
    # The demo has met causes that are an application's mistake.
    firing = [alert for alert in prometheus.ask("alerts")["data"]["alerts"] if alert["state"] == "firing"]
    summaries = [alert["annotations"]["summary"] for alert in firing]
    assert any(summary.startswith("secret-id-unknown in examplebucket") for summary in summaries), summaries


@pytest.mark.parametrize("accept", ["text/plain", "application/openmetrics-text"])
def test_promtool_finds_nothing_to_mend_in_the_text(prometheus, accept):
    request = urllib.request.Request(f"http://{prometheus.served}/metrics",
                                     headers={"Accept": accept, "Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith(accept)
        text = answer.read().decode()
    if accept == "text/plain":
        promtool("check", "metrics", input=text)
    else:
        assert text.endswith("\n# EOF\n")
