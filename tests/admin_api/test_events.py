"""`/events`, which no tool for descriptions can read: it has no end."""

import json

import refused
from conftest import refuse


def events(answer):
    """Event and data of each that comes."""
    event = {}
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        if line:
            name, _, value = line.partition(": ")
            event[name] = value
        elif event.get("event"):
            yield event
            event = {}


def test_each_event_is_an_item_of_the_list(api):
    with api.get("/events", stream=True) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        refuse(api)
        stream = events(answer)
        seen = [next(stream) for _ in range(len(list(refused.requests())))]
    for event in seen:
        assert event["event"] == "diagnosis"
        item = json.loads(event["data"])
        api.check(item, "Diagnosis")
        assert item["id"] == event["id"]
    assert {event["id"] for event in seen} <= {item["id"] for item in api.get("/diagnoses").json()["diagnoses"]}
