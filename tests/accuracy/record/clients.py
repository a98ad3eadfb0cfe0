"""What each client prints when it is used as people use it: a script, or a command at a terminal.

Everything goes through the recording proxy, so that URLs and hosts in what is printed are COS's own."""

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
sys.path.insert(0, str(TESTS / "clients"))

from world import OWNER, Keys  # noqa: E402


@dataclass(frozen=True)
class Here:
    proxy: str
    ca: Path
    bucket: str = "examplebucket-1250000000"
    region: str = "ap-guangzhou"
    keys: Keys = OWNER
    # Its port, for what stands directly before it.
    simulator: int = 0
    # Whether S3 clients put the bucket into the path.
    path_style: bool = False

    def at(self, bucket, region=None):
        return replace(self, bucket=f"{bucket}-1250000000", region=region or self.region)

    def keyed(self, keys=None, **changes):
        return replace(self, keys=replace(keys or self.keys, **changes))

    @property
    def endpoint(self):
        return f"https://cos.{self.region}.myqcloud.com"

    @property
    def host(self):
        return f"{self.bucket}.cos.{self.region}.myqcloud.com"


def environment(here, **more):
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "https_proxy": here.proxy, "http_proxy": here.proxy, "REQUESTS_CA_BUNDLE": str(here.ca),
            "AWS_CA_BUNDLE": str(here.ca), "NODE_EXTRA_CA_CERTS": str(here.ca), "CURL_CA_BUNDLE": str(here.ca),
            "SSL_CERT_FILE": str(here.ca), "PYTHONWARNINGS": "ignore", "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONDONTWRITEBYTECODE": "1", **more}


def printed(here, *command, files=(), folder=None, **variables):
    """Both streams of a command, without the paths of this machine."""
    with tempfile.TemporaryDirectory(prefix="rec-") as home:
        for name, text in dict(files).items():
            path = Path(home, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o600)
        done = subprocess.run([str(part) for part in command], cwd=home, stdin=subprocess.DEVNULL, timeout=90,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=environment(here, HOME=home, **variables))
        return cleaned(done.stdout.decode(errors="replace"), here, home)


def cleaned(text, here, home):
    text = text.replace("\r\n", "\n") if "\r\n" in text and "HTTP/1" not in text else text
    for there, ours in [(home, "/srv/app"), (str(BIN.parent), "/srv/venv"), (str(TESTS / "clients/node"), "/srv/app"),
                        (str((TESTS / "clients/node/node_modules").resolve()), "/srv/app/node_modules"),
                        (str(BIN.parent.resolve()), "/srv/venv"), (here.proxy.removeprefix("http://"), "10.0.0.7:3128")]:
        text = text.replace(there, ours)
    text = text.replace(str(here.ca), "/etc/ssl/ca.pem")
    return re.sub(r"/root/\.pyenv/versions/[0-9.]+", "/usr", text)


def script(text, here, **more):
    values = {"REGION": here.region, "BUCKET": here.bucket, "ID": here.keys.secret_id, "KEY": here.keys.secret_key,
              "TOKEN": here.keys.token or "", "ENDPOINT": here.endpoint, "HOST": here.host,
              "STYLE": "path" if here.path_style else "virtual", **more}
    return re.sub(r"@([A-Z]+)@", lambda found: values[found[1]], text)


def python(here, text, name="app.py"):
    return printed(here, sys.executable, name, files={name: script(text, here)})


def node(here, text):
    modules = (TESTS / "clients/node/node_modules").resolve()
    return printed(here, "node", "app.js", files={"app.js": script(text, here)}, NODE_PATH=str(modules))


PYTHON_SDK = """from qcloud_cos import CosConfig, CosS3Client
import sys, logging
logging.basicConfig(level=logging.INFO, stream=sys.stdout)
config = CosConfig(Region='@REGION@', SecretId='@ID@', SecretKey='@KEY@', Token='@TOKEN@' or None, Proxies={'https': '%s', 'http': '%s'})
client = CosS3Client(config, retry=0)
"""


def python_sdk(call, logged=True):
    def run(here):
        head = PYTHON_SDK.replace("%s", here.proxy)
        if not logged:
            head = head.replace("logging.basicConfig(level=logging.INFO, stream=sys.stdout)", "logging.disable()")
        return python(here, head + call + "\n")
    return run


def node_sdk(call, how="console.log(err)"):
    def run(here):
        return node(here, "const COS = require('cos-nodejs-sdk-v5');\nconst cos = new COS({SecretId: '@ID@', SecretKey: '@KEY@', "
                    "SecurityToken: '@TOKEN@' || undefined, Proxy: '" + here.proxy + "'});\ncos." + call +
                    ", (err, data) => { if (err) " + how + "; });\n")
    return run


BOTO3 = """import boto3
from botocore.config import Config
%s
s3 = boto3.client('s3', endpoint_url='@ENDPOINT@', region_name='@REGION@', aws_access_key_id='@ID@', aws_secret_access_key='@KEY@',
                  aws_session_token='@TOKEN@' or None, config=Config(s3={'addressing_style': '@STYLE@'}, retries={'max_attempts': 1}%s))
"""


def boto3(call, debug=False, checksums="when_required"):
    extra = f", request_checksum_calculation='{checksums}'" if checksums else ""
    return lambda here: python(here, BOTO3 % ("boto3.set_stream_logger('')" if debug else "", extra) + call + "\n")


def aws(*arguments, checksums="when_required"):
    def run(here):
        config = (f"[default]\nregion = {here.region}\ns3 =\n  addressing_style = "
                  f"{'path' if here.path_style else 'virtual'}\n" + (f"request_checksum_calculation = {checksums}\n" if checksums else ""))
        token = {"AWS_SESSION_TOKEN": here.keys.token} if here.keys.token else {}
        return printed(here, BIN / "aws", "--endpoint-url", here.endpoint, *(script(part, here) for part in arguments),
                       files={"config": config, "a.txt": "hello\n"}, AWS_CONFIG_FILE="config", AWS_MAX_ATTEMPTS="1",
                       AWS_ACCESS_KEY_ID=here.keys.secret_id, AWS_SECRET_ACCESS_KEY=here.keys.secret_key, **token)
    return run


def curl(*arguments, sign=None):
    """`sign`: a function that gives a URL in place of a bare one."""
    def run(here):
        url = [sign(here)] if sign else []
        return printed(here, "curl", *(script(part, here) for part in arguments), *url,
                       files={"a.txt": "hello\n", "big.apk": "x" * 2000})
    return run


def presigned(key, method="GET", expired=300, spoil=lambda url: url, headers=(), params=()):
    def make(here):
        from qcloud_cos import CosConfig, CosS3Client
        signer = CosS3Client(CosConfig(Region=here.region, SecretId=here.keys.secret_id, SecretKey=here.keys.secret_key,
                                       Token=here.keys.token, Scheme="https"))
        return spoil(signer.get_presigned_url(Bucket=here.bucket, Key=key, Method=method, Expired=expired,
                                              Headers=dict(headers), Params=dict(params)))
    return make


def coscmd(*arguments):
    def run(here):
        config = (f"[common]\nsecret_id = {here.keys.secret_id}\nsecret_key = {here.keys.secret_key}\nbucket = {here.bucket}\n"
                  f"region = {here.region}\nschema = https\nretry = 1\nauto_switch_domain = False\n"
                  + (f"token = {here.keys.token}\n" if here.keys.token else ""))
        return printed(here, BIN / "coscmd", *arguments, files={".cos.conf": config, "a.txt": "hello\n"})
    return run


def rclone(*arguments):
    def run(here):
        config = (f"[cos]\ntype = s3\nprovider = {'Other' if here.path_style else 'TencentCOS'}\nendpoint = {here.endpoint}\n"
                  f"region = {here.region}\naccess_key_id = {here.keys.secret_id}\nsecret_access_key = {here.keys.secret_key}\n"
                  f"no_check_bucket = true\n" + (f"session_token = {here.keys.token}\n" if here.keys.token else ""))
        # It refuses a bundle beside a transport of its own.
        return printed(here, "env", "-u", "AWS_CA_BUNDLE", "rclone", "--config", "rclone.conf", "--retries", "1", "--low-level-retries", "1", "--ca-cert",
                       here.ca, *(script(part, here) for part in arguments),
                       files={"rclone.conf": config, "d/a.txt": "hello\n"})
    return run


def restic(*arguments):
    def run(here):
        lookup = [] if here.path_style else ["-o", "s3.bucket-lookup=dns"]
        return printed(here, "restic", "--no-cache", "--cacert", here.ca, "--repo", f"s3:{here.endpoint}/{here.bucket}/backup",
                       *lookup, *arguments, RESTIC_PASSWORD="a password", AWS_ACCESS_KEY_ID=here.keys.secret_id,
                       AWS_SECRET_ACCESS_KEY=here.keys.secret_key)
    return run


def s3cmd(*arguments):
    def run(here):
        host = here.endpoint.removeprefix("https://")
        proxy, _, port = here.proxy.removeprefix("http://").partition(":")
        config = (f"[default]\naccess_key = {here.keys.secret_id}\nsecret_key = {here.keys.secret_key}\nbucket_location = {here.region}\n"
                  f"host_base = {host}\nhost_bucket = {host if here.path_style else '%(bucket)s.' + host}\nproxy_host = {proxy}\n"
                  f"proxy_port = {port}\nca_certs_file = {here.ca}\nuse_https = True\nmax_retries = 1\n")
        return printed(here, sys.executable, BIN / "s3cmd", "--config", "s3cfg", *(script(part, here) for part in arguments),
                       files={"s3cfg": config, "a.txt": "hello\n"})
    return run


def s3fs(level="err"):
    """Mounting fails, and its log says why."""
    def run(here):
        style = ["-o", "use_path_request_style"] if here.path_style else []
        return printed(here, "sh", "-c", 'mkdir mnt && exec timeout 20 s3fs "$@"', "s3fs", here.bucket, "mnt", "-f", "-o", f"url={here.endpoint}", "-o",
                       f"endpoint={here.region}", "-o", "passwd_file=passwd", "-o", "retries=2", "-o", f"dbglevel={level}", "-o",
                       "sigv4", *style,
                       files={"passwd": f"{here.keys.secret_id}:{here.keys.secret_key}"})
    return run


def minio(call, debug=False):
    style = "client.enable_virtual_style_endpoint()"
    head = """import urllib3
from minio import Minio
client = Minio('cos.@REGION@.myqcloud.com', access_key='@ID@', secret_key='@KEY@', session_token='@TOKEN@' or None, region='@REGION@',
               http_client=urllib3.ProxyManager('PROXY', ca_certs='CA', retries=False))
"""
    return lambda here: python(here, (head + ("" if here.path_style else style + "\n")).replace("PROXY", here.proxy)
                               .replace("'CA'", f"'{here.ca}'") + call + "\n")


def aws_js(command, how="console.log(err)"):
    return lambda here: node(here, "const { S3Client, " + command.partition("(")[0].removeprefix("new ") + " } = require('@aws-sdk/client-s3');\n"
        "const { HttpsProxyAgent } = require('https-proxy-agent');\nconst agent = new HttpsProxyAgent('" + here.proxy + "');\n"
        "const s3 = new S3Client({ endpoint: '@ENDPOINT@', region: '@REGION@', credentials: { accessKeyId: '@ID@', secretAccessKey: '@KEY@', "
        "sessionToken: '@TOKEN@' || undefined }, forcePathStyle: " + json.dumps(here.path_style) + ", maxAttempts: 1, requestHandler: "
        "{ httpAgent: agent, httpsAgent: agent } });\ns3.send(" + command + ").catch((err) => " + how + ");\n")


def wget(*arguments, sign=None):
    def run(here):
        url = [sign(here)] if sign else []
        return printed(here, "wget", "--ca-certificate", here.ca, *(script(part, here) for part in arguments), *url)
    return run


def through_coswhy(*arguments, sign):
    """curl at coswhy's own address, whose key it was not given."""
    from programs import binary, free_port, running

    def run(here):
        port = free_port()
        command = [binary(), "serve", "--listen", f"127.0.0.1:{port}", "--admin", f"127.0.0.1:{free_port()}", "--upstream",
                   f"http://127.0.0.1:{here.simulator}"]
        name = f"{here.bucket}.cos.{here.region}.localhost"
        with tempfile.TemporaryDirectory() as folder, running(command, port, Path(folder, "out")):
            url = sign(here).replace(f"https://{here.host}", f"http://{name}:{port}")
            text = printed(here, "curl", "--noproxy", "*", *arguments, url)
        return text.replace(f":{port}", ":8080")
    return run
