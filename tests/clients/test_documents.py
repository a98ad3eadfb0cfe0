"""What the documents say of clients is what the tests do: their settings, and their programs, which are run."""

import re
import subprocess
import sys

import pytest

import document
from ordered_process import FOLDER
from programs import ROOT, environment
from source_rows import SOURCE_ROWS

NAMES = ["pointing-clients.md", "https.md"]


def snippets():
    """Every block of code with `run` behind its language."""
    for name in NAMES:
        text = (ROOT / "docs" / name).read_text()
        for number, found in enumerate(re.finditer(r"^```(python|js|sh) run\n(.*?)^```$", text, re.S | re.M), 1):
            yield pytest.param(found[1], found[2], id=f"{name}-{number}-{found[1]}")


def test_the_settings_are_those_that_the_tests_use():
    assert document.written("settings") == document.settings(), "run pytest with --write-matrix"


def test_the_matrix_has_a_row_for_every_client():
    rows = [line.split("|")[1].strip() for line in document.written("matrix").splitlines()[2:]]
    assert rows == [sort.name for sort in document.CLIENTS + document.WHOLE_TOOLS] + list(SOURCE_ROWS)


@pytest.mark.parametrize("language, code", list(snippets()))
def test_a_program_of_the_documents_works(world, tmp_path, language, code):
    for said, meant in {
        "AKIDxxxx": world.keys.secret_id, "xxxxxxxx": world.keys.secret_key, "8080": str(world.proxy_port),
        "8443": str(world.tls_port), "front-ca.pem": str(world.front_ca), "ca/ca.pem": str(world.intercept_ca),
        "ca/bundle.pem": str(tmp_path / "bundle.pem"),
    }.items():
        code = code.replace(said, meant)
    assert "127.0.0.1" in code or "localhost" in code
    command = {"python": [sys.executable, "-c"], "js": ["node", "-e"], "sh": ["bash", "-euc"]}[language]
    done = subprocess.run([*command, code], cwd=tmp_path, capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL,
                          env=environment(PATH=f"{sys.exec_prefix}/bin:{environment()['PATH']}",
                                          NODE_PATH=str(FOLDER / "node_modules")))
    assert done.returncode == 0, done.stderr
    # Every one either lists the bucket, or gets the refusal of an unsigned request with its diagnosis.
    shown = r"^examplebucket-1250000000$| archived\.bin$|^x-cos-diagnosis: anonymous-access-denied;"
    assert re.search(shown, done.stdout, re.M), done.stdout
