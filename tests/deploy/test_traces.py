"""Traces as a collector gets them: by both protocols, by the semantic conventions, without a secret."""

import json
import subprocess
import time

import pytest

from collector import ByGrpc, ByHttp, attributes
from conftest import HIDDEN as HOST
from conftest import Running, ask, free_port, quiet_environment

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SECRET = "0123456789abcdef0123456789abcdef01234567"
SIGNED = ("q-sign-algorithm=sha1&q-ak=AKIDsecretsecretsecretsecretsecret12&q-sign-time=1;2&q-key-time=1;2"
          f"&q-header-list=host&q-url-param-list=&q-signature={SECRET}&x-cos-security-token=TOKEN{SECRET}")
SERVER, CLIENT, ERROR = 2, 3, 2


def traced(coswhy, cos, collector, **more):
    environment = quiet_environment(
        COSWHY_UPSTREAM__URL=cos, OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint, **({"OTEL_BSP_SCHEDULE_DELAY": "100"} | more))
    return Running([coswhy, "serve"], environment)


def log(running):
    return [line for line in map(json.loads, running.output.splitlines()) if "outcome" in line]


@pytest.mark.parametrize(("protocol", "kind"), [("http/protobuf", ByHttp), ("grpc", ByGrpc)])
def test_a_refusal_is_a_server_span_with_its_diagnosis_and_a_client_span(coswhy, cos, protocol, kind):
    with kind() as collector:
        with traced(coswhy, cos, collector, OTEL_EXPORTER_OTLP_PROTOCOL=protocol,
                    OTEL_EXPORTER_OTLP_HEADERS="x-tenant=files", OTEL_RESOURCE_ATTRIBUTES="team=storage") as running:
            assert ask(running.port, "GET", f"/a.txt?{SIGNED}&x=1", traceparent=f"00-{TRACE}-{PARENT}-01") == 403
            found = collector.spans(2)
    sides = {span.kind: span for _, span in found}
    server, client = sides[SERVER], sides[CLIENT]
    assert server.trace_id.hex() == client.trace_id.hex() == TRACE
    assert server.parent_span_id.hex() == PARENT and client.parent_span_id == server.span_id
    assert server.name == client.name == "GET"
    assert server.start_time_unix_nano <= client.start_time_unix_nano
    assert client.start_time_unix_nano < client.end_time_unix_nano <= server.end_time_unix_nano

    line = log(running)[0]
    said = attributes(server)
    expected = {"http.request.method": "GET", "http.response.status_code": 403, "server.address": HOST,
                "url.path": "/a.txt", "url.scheme": "http", "client.address": "127.0.0.1",
                "network.protocol.version": "1.1", "coswhy.cause": line["cause"], "coswhy.confidence": line["confidence"],
                "coswhy.outcome": "diagnosed", "coswhy.bucket": "examplebucket-1250000000",
                "coswhy.request_id": line["request_id"], "coswhy.cos_request_id": line["cos_request_id"]}
    assert {name: said.get(name) for name in expected} == expected
    assert said["url.query"].endswith("x=1") and server.status.code != ERROR
    [event] = server.events
    assert event.name == "coswhy.diagnosis"
    assert attributes(event)["coswhy.summary"] == line["summary"]
    assert attributes(event)["coswhy.fingerprint"] == line["fingerprint"]

    said = attributes(client)
    # What a client cannot use is an error on its side (4xx included), on the server's side it is not.
    assert said["error.type"] == "403" and client.status.code == ERROR
    assert said["url.full"].startswith(f"http://{HOST}/a.txt?")
    assert said["server.port"] == attributes(server)["server.port"] == 80

    resource = attributes(found[0][0])
    assert resource["service.name"] == "coswhy" and resource["team"] == "storage"
    assert resource["service.instance.id"] and resource["service.version"]
    assert "files" in {headers.get("x-tenant") for headers in collector.headers}
    for secret in (SECRET, "AKIDsecretsecret"):
        assert secret.encode() not in collector.raw


def test_a_trace_that_begins_here_is_found_in_the_log(coswhy, cos):
    with ByHttp() as collector:
        with traced(coswhy, cos, collector, OTEL_SERVICE_NAME="files") as running:
            ask(running.port, "GET", "/")
            [(resource, first), _] = collector.spans(2)
    assert log(running)[0]["trace_id"] == first.trace_id.hex()
    assert attributes(resource)["service.name"] == "files"


def test_the_clients_decision_not_to_sample_is_kept_and_so_is_the_samplers(coswhy, cos):
    with ByHttp() as collector:
        with traced(coswhy, cos, collector) as running:
            ask(running.port, "GET", "/", traceparent=f"00-{TRACE}-{PARENT}-00")
            ask(running.port, "GET", "/", traceparent=f"00-{TRACE}-{PARENT}-01")
            collector.spans(2)
    with ByHttp() as collector:
        with traced(coswhy, cos, collector, OTEL_TRACES_SAMPLER="always_off") as running:
            ask(running.port, "GET", "/")
    assert collector.requests == [] and "trace_id" not in log(running)[0]


def test_an_upstream_that_is_not_there_is_an_error_of_both_spans(coswhy):
    with ByHttp() as collector:
        with traced(coswhy, f"http://127.0.0.1:{free_port()}", collector) as running:
            assert ask(running.port, "GET", "/") == 502
            spans = [span for _, span in collector.spans(2)]
    assert {attributes(span)["error.type"] for span in spans} == {"upstream-unreachable"}
    assert {span.status.code for span in spans} == {ERROR}


def test_a_collector_that_refuses_costs_no_request_and_is_told_of_once(coswhy, cos):
    with ByHttp(status=400) as collector:
        with traced(coswhy, cos, collector) as running:
            for _ in range(5):
                assert ask(running.port, "GET", "/") == 403
                time.sleep(0.2)
    lines = [json.loads(line) for line in running.output.splitlines()]
    assert len([line for line in lines if "outcome" in line]) == 5
    assert len([line for line in lines if line["message"].startswith("traces could not be sent")]) == 1


def test_spans_that_wait_are_sent_at_the_end(coswhy, cos):
    with ByGrpc() as collector:
        with traced(coswhy, cos, collector, OTEL_EXPORTER_OTLP_PROTOCOL="grpc", OTEL_BSP_SCHEDULE_DELAY="60000") as running:
            ask(running.port, "GET", "/")
        collector.spans(2, limit=1)


def test_a_slip_in_a_variable_ends_the_start_and_names_it(coswhy):
    done = subprocess.run([coswhy, "serve"], capture_output=True, text=True, timeout=20, env=quiet_environment(
        OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318", OTEL_EXPORTER_OTLP_PROTOCOL="http/jsn",
        COSWHY__LISTEN="127.0.0.1:0", COSWHY_ADMIN__LISTEN="127.0.0.1:0"))
    assert done.returncode == 2 and "OTEL_EXPORTER_OTLP_PROTOCOL" in done.stderr
