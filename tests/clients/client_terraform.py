"""Terraform's S3 backend: where it keeps its state. In no registry that the setup asks, so used where it is there."""

import json
import re

from client import not_installed
from command_line import CommandLine
from s3_address import s3_address

RESOLVER = "DNS knows no localhost"


class Terraform(CommandLine):
    name = "Terraform S3 backend"
    ways = {
        "proxy": 'endpoints = { s3 = "http://cos.R.myqcloud.com" }, http_proxy = "http://127.0.0.1:8080"',
        "connect": 'endpoints = { s3 = "https://cos.R.myqcloud.com" }, https_proxy = "http://127.0.0.1:8080", '
                   'custom_ca_bundle = "ca.pem"; AWS_REQUEST_CHECKSUM_CALCULATION=when_required',
        "path": 'endpoints = { s3 = "http://127.0.0.1:8080" }, use_path_style = true',
        "tls": 'endpoints = { s3 = "https://127.0.0.1:8443" }, use_path_style = true, custom_ca_bundle = "ca.pem"; '
               'AWS_REQUEST_CHECKSUM_CALCULATION=when_required',
    }
    no = {"mapped": RESOLVER, "localhost": RESOLVER}
    refusal = re.compile("api error (?P<code>AccessDenied|Forbidden)")

    def __init__(self, world, way, folder):
        super().__init__(world, way)
        address = s3_address(world, way)
        proxy = f'{"https" if address.secure else "http"}_proxy = "{address.proxy}"' if address.proxy else ""
        trust = f'custom_ca_bundle = "{address.trust}"' if address.trust else ""
        self.file(f"""terraform {{
  backend "s3" {{
    bucket                      = "{world.bucket}"
    key                         = "{folder}/terraform.tfstate"
    region                      = "{world.region}"
    endpoints                   = {{ s3 = "{address.endpoint}" }}
    use_path_style              = {json.dumps(address.path_style)}
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
    max_retries                 = 1
    {proxy}
    {trust}
  }}
}}
variable "data" {{}}
output "data" {{ value = var.data }}
""".encode(), "main.tf")
        # Over https it would send uploads in chunks with a checksum behind them, which COS refuses.
        self.checksums = {"AWS_REQUEST_CHECKSUM_CALCULATION": "when_required"} if address.secure else {}
        self.workspace = folder.rpartition("/")[2]

    def terraform(self, *arguments, **variables):
        keys = self.world.keys
        return self.run("terraform", *arguments, AWS_ACCESS_KEY_ID=keys.secret_id,
                        AWS_SECRET_ACCESS_KEY=keys.secret_key, CHECKPOINT_DISABLE="1",
                        TF_CLI_CONFIG_FILE=str(self.file(b"", "terraformrc")), TF_IN_AUTOMATION="1",
                        NO_COLOR="1", **self.checksums, **variables)

    def use(self, data):
        """Everything that it does with a bucket; what it gave back."""
        self.terraform("init", "-input=false")
        self.terraform("workspace", "new", self.workspace)
        self.terraform("apply", "-auto-approve", "-input=false", TF_VAR_data=data.decode())
        given = json.loads(self.terraform("state", "pull"))["outputs"]["data"]["value"]
        assert self.workspace in self.terraform("workspace", "list").decode()
        self.terraform("workspace", "select", "default")
        self.terraform("workspace", "delete", "-force", self.workspace)
        assert self.workspace not in self.terraform("workspace", "list").decode()
        return given.encode()

    def read(self):
        return self.terraform("init", "-input=false")

    @classmethod
    def missing(cls):
        return not_installed("terraform")
