"""One shape for what a client's user code learns from a refusal, whichever client it was."""

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass


class Refused(Exception):
    """What an SDK raised, in the words of its own user code."""

    def __init__(self, status, code, message, header=None, explanation=None):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message
        # The X-Cos-Diagnosis header and the <Diagnosis> element, where this client hands them out.
        self.header, self.explanation = header, explanation


@dataclass(frozen=True)
class DiagnosisHeader:
    cause: str
    confidence: str
    id: str
    summary: str


def read_header(value):
    """`cause;confidence=token;id="…";summary="…"`, as RFC 9651 wants it; anything else fails the test."""
    found = re.fullmatch(
        r'([a-z][a-z0-9-]*);confidence=(certain|likely|possible);id="([0-9A-HJKMNP-TV-Z]{26})";'
        r'summary="((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"', value)
    assert found, value
    assert len(value) + len("x-cos-diagnosis: ") <= 512, value
    return DiagnosisHeader(*found.groups())


def read_element(text):
    """The JSON in `<Diagnosis>`, which must be one line without markup."""
    assert text and not set("\r\n<>&") & set(text), text
    return json.loads(text)


def read_body(body):
    """`(code, message, explanation)` of an XML error."""
    root = ElementTree.fromstring(body)
    assert root.tag == "Error", body
    element = root.findtext("Diagnosis")
    if element is not None:
        assert root[-1].tag == "Diagnosis", "it comes last in <Error>"
    return root.findtext("Code"), root.findtext("Message"), read_element(element) if element else None
