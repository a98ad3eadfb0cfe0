"""coswhy in front of a simulated COS, to which it goes by https, with every way in open."""

import pytest

import document
from certificates import certificates
from matrix import Matrix
from programs import binary, free_port, running
from roster import CLIENTS, client, key, make  # noqa: F401
from settings import environment, settings
from world import OWNER, World

REGION, BUCKET = "ap-guangzhou", "examplebucket-1250000000"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("coswhy")


@pytest.fixture(scope="session")
def log_file(folder):
    return folder / "coswhy.log"


@pytest.fixture(scope="session")
def world(folder, log_file):
    made = certificates(folder, REGION)
    plain, tls = free_port(), free_port()
    simulator = [binary(), "simulator", "--listen", f"127.0.0.1:{plain}", "--tls-listen", f"127.0.0.1:{tls}",
                 "--cert", made.cos, "--key", made.cos_key]
    here = World(REGION, BUCKET, OWNER, free_port(), free_port(), free_port(), made.authority, made.intercept)
    config = folder / "coswhy.toml"
    config.write_text(settings(here, made, tls, log_file))
    with running(simulator, tls, folder / "simulator.out"):
        with running([binary(), "serve", "--config", config], here.proxy_port, folder / "coswhy.out", **environment()):
            yield here
            for sort in CLIENTS:
                sort.stop()


@pytest.fixture
def prefix():
    return "tests"


# --- the matrix ---

def pytest_addoption(parser):
    parser.addoption("--write-matrix", action="store_true", 
                     help="write the matrix and the settings to docs/pointing-clients.md")


def pytest_configure(config):
    config.matrix = Matrix()
    config.pluginmanager.register(Recorder(config.matrix), "matrix")


class Recorder:
    """Where the reports of all processes come together."""

    def __init__(self, matrix):
        self.matrix = matrix

    def pytest_runtest_logreport(self, report):
        cell = dict(report.user_properties).get("cell")
        if cell and (report.when == "call" or report.failed):
            self.matrix.record(cell, report.outcome)


def pytest_terminal_summary(terminalreporter, config):
    if not config.matrix.cells:
        return
    terminalreporter.section("client and way in")
    for line in config.matrix.lines():
        terminalreporter.write_line(line)
    if config.getoption("--write-matrix"):
        document.write("matrix", document.table(config.matrix.table()))
        document.write("settings", document.settings())
