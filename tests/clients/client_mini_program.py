"""cos-wx-sdk-v5, the vendor's SDK for WeChat mini programs. The SDK is the published one; the `wx` that it calls is
node/wx.js, for there is no WeChat here."""

from ordered_process import ask
from vendor_calls import VendorCalls


class MiniProgramSdk(VendorCalls):
    name = "cos-wx-sdk-v5"
    ways = {
        "mapped": "new COS({Domain: 'http://localhost:8080'})",
        "localhost": "new COS({Domain: 'http://{Bucket}.cos.{Region}.localhost:8080'})",
        "tls": "new COS({Domain: '{Bucket}.cos.{Region}.localhost:8443'})",
    }
    asks_the_system_for_localhost = ("localhost", "tls")

    def __init__(self, world, way):
        super().__init__(world, way)
        # It has no other setting for http.
        self.options = self.keys_and(Domain={
            "mapped": f"http://{world.mapped}",
            "localhost": f"http://{{Bucket}}.cos.{{Region}}.localhost:{world.proxy_port}",
            "tls": f"{{Bucket}}.cos.{{Region}}.localhost:{world.tls_port}",
        }[way])
        self.variables = {"NODE_EXTRA_CA_CERTS": str(world.front_ca)} if way == "tls" else {}

    def ask(self, order):
        return ask("mini_program.js", order, **self.variables)
