"""cos-nodejs-sdk-v5, the vendor's SDK for Node.js."""

from ordered_process import ask
from vendor_calls import VendorCalls


class NodeSdk(VendorCalls):
    name = "cos-nodejs-sdk-v5"
    ways = {
        "elsewhere": "new COS({Protocol: 'http:', Ip: '127.0.0.1:8080'})",
        "proxy": "new COS({Protocol: 'http:', Proxy: 'http://127.0.0.1:8080'})",
        "connect": "new COS({Proxy: 'http://127.0.0.1:8080'}), NODE_EXTRA_CA_CERTS=ca.pem",
        "mapped": "new COS({Protocol: 'http:', Domain: 'localhost:8080'})",
        "localhost": "new COS({Protocol: 'http:', Domain: '{Bucket}.cos.{Region}.localhost:8080'})",
        "tls": "new COS({Ip: '127.0.0.1:8443'}), NODE_EXTRA_CA_CERTS=ca.pem",
    }
    asks_the_system_for_localhost = ("localhost",)
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
        self.options = self.keys_and(**address, **self.more)

    def ask(self, order):
        return ask("client.js", order, **self.variables)


class NodeSdkUnsignedHost(NodeSdk):
    """The same where Host is left out of the signature: nothing is signed anew."""

    name = "cos-nodejs-sdk-v5, ForceSignHost: false"
    ways = {
        "mapped": "new COS({Protocol: 'http:', Domain: 'localhost:8080', ForceSignHost: false})",
        "localhost": "new COS({Protocol: 'http:', Domain: '{Bucket}.cos.{Region}.localhost:8080', ForceSignHost: false})",
    }
    more = {"ForceSignHost": False}
