"""cos-nodejs-sdk-v5, the vendor's SDK for Node.js."""

from client import Client
from node_process import ask, decoded, encoded


class NodeSdk(Client):
    name = "cos-nodejs-sdk-v5"
    ways = {
        "elsewhere": "new COS({Protocol: 'http:', Ip: '127.0.0.1:8080'})",
        "proxy": "new COS({Protocol: 'http:', Proxy: 'http://127.0.0.1:8080'})",
        "connect": "new COS({Proxy: 'http://127.0.0.1:8080'}), NODE_EXTRA_CA_CERTS=ca.pem",
        "mapped": "new COS({Protocol: 'http:', Domain: 'localhost:8080'})",
        "localhost": "new COS({Protocol: 'http:', Domain: '{Bucket}.cos.{Region}.localhost:8080'})",
        "tls": "new COS({Ip: '127.0.0.1:8443'}), NODE_EXTRA_CA_CERTS=ca.pem",
    }
    more = {}

    def __init__(self, world, way):
        super().__init__(world, way)
        address = {
            "elsewhere": {"Protocol": "http:", "Ip": f"127.0.0.1:{world.proxy_port}"},
            "proxy": {"Protocol": "http:", "Proxy": world.proxy},
            "connect": {"Proxy": world.proxy},
            "mapped": {"Protocol": "http:", "Domain": world.mapped},
            "localhost": {"Protocol": "http:", "Domain": f"{{Bucket}}.cos.{{Region}}.localhost:{world.proxy_port}"},
            "tls": {"Ip": f"127.0.0.1:{world.tls_port}"},
        }[way]
        trust = {"connect": world.intercept_ca, "tls": world.front_ca}.get(way)
        self.variables = {"NODE_EXTRA_CA_CERTS": str(trust)} if trust else {}
        self.options = {"SecretId": world.keys.secret_id, "SecretKey": world.keys.secret_key, **address, **self.more}
        if world.keys.token:
            self.options["SecurityToken"] = world.keys.token

    def _run(self, call, key="", data=b"", **more):
        return ask("client.js", {"options": self.options, "call": call, "bucket": self.world.bucket,
                                 "region": self.world.region, "key": key, "data": encoded(data), **more},
                   **self.variables)

    def put(self, key, data):
        self._run("put", key, data)

    def get(self, key):
        return decoded(self._run("get", key))

    def range(self, key, first, last):
        return decoded(self._run("get", key, more={"Range": f"bytes={first}-{last}"}))

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


class NodeSdkUnsignedHost(NodeSdk):
    """The same where Host is left out of the signature: nothing is signed anew."""

    name = "cos-nodejs-sdk-v5, ForceSignHost: false"
    ways = {
        "mapped": "new COS({Protocol: 'http:', Domain: 'localhost:8080', ForceSignHost: false})",
        "localhost": "new COS({Protocol: 'http:', Domain: '{Bucket}.cos.{Region}.localhost:8080', ForceSignHost: false})",
    }
    more = {"ForceSignHost": False}
