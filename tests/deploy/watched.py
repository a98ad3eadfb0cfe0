"""coswhy in three states, under traffic, and a real Prometheus that watches them with the files of deploy/."""

import http.client
import json
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack, contextmanager

import yaml

from conftest import ROOT, free_port, quiet_environment

PROMETHEUS = ROOT / "deploy/prometheus"
TOKEN = "a-token-for-scraping"
PUBLIC, PRIVATE = (f"{name}-1250000000.cos.ap-guangzhou.myqcloud.com" for name in ("public", "examplebucket"))
PASSED, REFUSED, UNANSWERED = 20, 5, 3


class Watched:
    """Where things are, and what was asked of them."""

    def __init__(self, server, served, demo, lonely):
        self.server = server
        # host:port of the admin listeners: with a token; of `coswhy demo`; of one that cannot reach COS
        self.served, self.demo, self.lonely = served, demo, lonely

    def is_ready(self):
        try:
            return urllib.request.urlopen(f"http://{self.server}/-/ready", timeout=10).status == 200
        except OSError:
            return False

    def ask(self, path, **query):
        url = f"http://{self.server}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def query(self, expression):
        answer = self.ask("query", query=expression)
        assert answer["status"] == "success", f"{expression}: {answer}"
        return answer["data"]["result"]

    def value(self, expression):
        """The one number that it has."""
        result = self.query(expression)
        assert len(result) == 1, f"{expression}: {result}"
        return float(result[0]["value"][1])


@contextmanager
def watched(coswhy, folder):
    with ExitStack() as stack:
        def start(*command):
            return stack.enter_context(running(command, folder / f"{len(list(folder.iterdir()))}.out"))

        def serve(name, upstream, token):
            """A proxy before `upstream`: the addresses of its two listeners."""
            listen, admin = free_port(), free_port()
            start(coswhy, "serve", "--config", proxy_settings(folder, name, listen, admin, upstream, token))
            return f"127.0.0.1:{listen}", f"127.0.0.1:{admin}"

        simulator = free_port()
        start(coswhy, "simulator", "--listen", f"127.0.0.1:{simulator}")
        served = serve("served", f"http://127.0.0.1:{simulator}", TOKEN)
        lonely = serve("lonely", f"http://127.0.0.1:{free_port()}", None)
        # It meets every cause that it can show, and then says where its admin listener is.
        output = start(coswhy, "demo")
        demo = wait(lambda: re.search(r"curl http://([\d.:]+)/diagnoses", output.read_text()), 60).group(1)
        ask(served[0], PUBLIC, PASSED, 200)
        ask(served[0], PRIVATE, REFUSED, 403)
        ask(lonely[0], PUBLIC, UNANSWERED, 502)
        server = free_port()
        config = prometheus_settings(folder, [served[1], lonely[1], demo], served[1])
        start("prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}",
              f"--web.listen-address=127.0.0.1:{server}", "--log.level=warn")
        here = Watched(f"127.0.0.1:{server}", served[1], demo, lonely[1])
        wait(here.is_ready)
        # Rates need two samples, and more traffic between them; the rules a turn after that.
        wait(lambda: here.query('min(count_over_time(up{job="coswhy"}[1m])) >= 2'))
        ask(served[0], PUBLIC, PASSED, 200)
        ask(served[0], PRIVATE, REFUSED, 403)
        ask(lonely[0], PUBLIC, UNANSWERED, 502)
        wait(lambda: here.query(f'coswhy_requests_total{{outcome="forwarded", instance="{served[1]}"}} == {2 * PASSED}'))
        wait(lambda: here.query("count(job_instance:coswhy_refusals:ratio_rate5m >= 0) >= 2"))
        yield here


@contextmanager
def running(command, output):
    """A program that runs, with its output in a file."""
    with open(output, "wb") as file:
        child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=file,
                                 stderr=subprocess.STDOUT, env=quiet_environment())
    try:
        yield output
    finally:
        child.terminate()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def proxy_settings(folder, name, listen, admin, upstream, token):
    settings = folder / f"{name}.toml"
    settings.write_text(f'listen = "127.0.0.1:{listen}"\n[admin]\nlisten = "127.0.0.1:{admin}"\n'
                        + (f'token = "{token}"\n' if token else "")
                        + f'[upstream]\nurl = "{upstream}"\n[log]\nfile = "{folder / name}.log"\n')
    settings.chmod(0o600)
    return settings


def ask(proxy, host, times, status):
    wait(lambda: listens(proxy))
    connection = http.client.HTTPConnection(proxy, timeout=10)
    for _ in range(times):
        connection.request("GET", "/hello.txt", headers={"Host": host})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status, answer.status
    connection.close()


def listens(address):
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
        return True
    except OSError:
        return False


def prometheus_settings(folder, targets, guarded):
    """deploy/prometheus/prometheus.yml for these addresses, and one job more that has no token."""
    settings = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
    settings["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    settings["rule_files"] = [str(PROMETHEUS / file) for file in settings["rule_files"]]
    job, = settings["scrape_configs"]
    token = folder / "coswhy-token"
    token.write_text(TOKEN)
    job["static_configs"] = [{"targets": targets}]
    job["authorization"] = {"credentials_file": str(token)}
    stranger = {"job_name": "without-token", "static_configs": [{"targets": [guarded]}]}
    settings["scrape_configs"].append(stranger)
    config = folder / "prometheus.yml"
    config.write_text(yaml.safe_dump(settings))
    return config


def wait(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")
