"""coswhy in front of the simulated COS, with diagnoses of several causes kept."""

import json
from dataclasses import dataclass, field

import pytest
import requests
from jsonschema_rs import Draft202012Validator

import refused
from programs import binary, free_port, running

TOKEN = "a-token-of-the-tests"


@dataclass
class Api:
    """The admin listener, with its token, and the proxy whose failures it shows."""
    url: str
    proxy: str
    schemas: dict = field(default_factory=dict)

    def get(self, path, **more):
        return requests.get(self.url + path, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10, **more)

    def check(self, value, name):
        """It is what the description calls `name`."""
        schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": self.schemas}}
        Draft202012Validator(schema).validate(value)


@pytest.fixture(scope="session")
def api(tmp_path_factory):
    folder = tmp_path_factory.mktemp("admin_api")
    simulator, proxy, admin = free_port(), free_port(), free_port()
    serve = [binary(), "serve", "--listen", f"127.0.0.1:{proxy}", "--admin", f"127.0.0.1:{admin}",
             "--upstream", f"http://127.0.0.1:{simulator}"]
    settings = {"COSWHY_ADMIN__TOKEN": TOKEN, "COSWHY_KEYS__0__SECRET_ID": refused.OWNER,
                "COSWHY_KEYS__0__SECRET_KEY": "demoOwnerSecretKey00000000000001"}
    with running([binary(), "simulator", "--listen", f"127.0.0.1:{simulator}"], simulator, folder / "simulator.out"):
        with running(serve, proxy, folder / "coswhy.out", **settings):
            here = Api(f"http://127.0.0.1:{admin}", f"http://127.0.0.1:{proxy}")
            for _ in range(3):
                refuse(here)
            here.schemas = json.loads(here.get("/openapi.json").text)["components"]["schemas"]
            yield here


def refuse(api):
    """Makes every request once."""
    for method, target, fields in refused.requests():
        answer = requests.request(method, api.proxy + target, headers={"Host": refused.HOST, **fields}, timeout=10)
        assert "X-Cos-Diagnosis" in answer.headers, f"{method} {target}: {answer.status_code} {answer.text}"
