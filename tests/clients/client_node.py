"""cos-nodejs-sdk-v5, the vendor's SDK for Node.js: each call is one run of node/client.js."""

import base64
import json
import subprocess
from pathlib import Path

from refused import Refused, read_element

SCRIPT = Path(__file__).parent / "node" / "client.js"


class NodeSdk:
    def __init__(self, world, way="proxy"):
        self.world = world
        address = {"Proxy": world.proxy} if way == "proxy" else {"Ip": f"127.0.0.1:{world.proxy_port}"}
        self.options = {"SecretId": world.keys.secret_id, "SecretKey": world.keys.secret_key,
                        "Protocol": f"{world.scheme}:", **address}
        if world.keys.token:
            self.options["SecurityToken"] = world.keys.token

    def _run(self, call, key="", data=b"", **more):
        order = {"options": self.options, "call": call, "bucket": self.world.bucket, "region": self.world.region,
                 "key": key, "data": base64.b64encode(data).decode(), **more}
        run = subprocess.run(["node", SCRIPT], input=json.dumps(order), capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stdout + run.stderr
        answer = json.loads(run.stdout.splitlines()[-1])
        if "refused" in answer:
            refused = answer["refused"]
            element = refused.get("element")
            raise Refused(refused["status"], refused["code"], refused["message"], header=refused.get("header"),
                          explanation=read_element(element) if element else None)
        return answer["result"]

    def put(self, key, data):
        self._run("put", key, data)

    def get(self, key):
        return base64.b64decode(self._run("get", key))

    def head(self, key):
        return int(self._run("head", key))

    def delete(self, key):
        self._run("delete", key)

    def list(self, prefix):
        return self._run("list", prefix=prefix)

    def multipart(self, key, data):
        self._run("multipart", key, data)

    def presigned(self, key):
        return self._run("presigned", key)
