"""cos-python-sdk-v5, the vendor's SDK for Python."""

import logging
import tempfile

import requests
from qcloud_cos import CosConfig, CosS3Client
from qcloud_cos.cos_exception import CosServiceError

from client import Client
from refused import Refused, read_body

# The SDK logs every refusal as an error of its own.
logging.getLogger("qcloud_cos").setLevel(logging.CRITICAL)


class PythonSdk(Client):
    name = "cos-python-sdk-v5"
    ways = {
        "elsewhere": "CosConfig(Region=R, Scheme='http', IP='127.0.0.1', Port=8080)",
        "proxy": "CosConfig(Region=R, Scheme='http', Proxies={'http': 'http://127.0.0.1:8080'})",
        "connect": "CosConfig(Region=R, Proxies={'https': 'http://127.0.0.1:8080'}, VerifySSL='ca.pem')",
        "mapped": "CosConfig(Region=R, Scheme='http', Domain='localhost:8080')",
        "localhost": "CosConfig(Region=R, Scheme='http', Endpoint='cos.R.localhost:8080')",
        "tls": "CosConfig(Region=R, IP='127.0.0.1', Port=8443, VerifySSL='ca.pem')",
    }
    asks_the_system_for_localhost = ("localhost",)
    more = {}

    def __init__(self, world, way):
        super().__init__(world, way)
        plain = {"Scheme": "http"}
        address = {
            "elsewhere": {**plain, "IP": "127.0.0.1", "Port": world.proxy_port},
            "proxy": {**plain, "Proxies": {"http": world.proxy}},
            "connect": {"Proxies": {"https": world.proxy}, "VerifySSL": str(world.intercept_ca)},
            "mapped": {**plain, "Domain": world.mapped},
            "localhost": {**plain, "Endpoint": world.localhost},
            "tls": {"IP": "127.0.0.1", "Port": world.tls_port, "VerifySSL": str(world.front_ca)},
        }[way]
        self.sdk = CosS3Client(CosConfig(
            Region=world.region, SecretId=world.keys.secret_id, SecretKey=world.keys.secret_key,
            Token=world.keys.token, Timeout=20, **address, **self.more), retry=0, session=requests.Session())

    def _run(self, call, **arguments):
        try:
            return call(Bucket=self.world.bucket, **arguments)
        except CosServiceError as error:
            raise self._refused(error) from error

    @staticmethod
    def _refused(error):
        status, digest, text = error.get_status_code(), error.get_digest_msg(), error.get_origin_msg()
        if not isinstance(text, str) or not text:
            # No body, so a HEAD: the SDK gives the response's headers in place of a digest.
            return Refused(status, None, None, header=digest.get("x-cos-diagnosis"))
        code, message, explanation = read_body(text)
        assert (code, message) == (error.get_error_code(), error.get_error_msg())
        return Refused(status, code, message, explanation=explanation)

    def put(self, key, data):
        self._run(self.sdk.put_object, Key=key, Body=data)

    def get(self, key):
        return self._run(self.sdk.get_object, Key=key)["Body"].get_raw_stream().read()

    def range(self, key, first, last):
        return self._run(self.sdk.get_object, Key=key, Range=f"bytes={first}-{last}")["Body"].get_raw_stream().read()

    def head(self, key):
        return int(self._run(self.sdk.head_object, Key=key)["Content-Length"])

    def delete(self, key):
        self._run(self.sdk.delete_object, Key=key)

    def list(self, prefix):
        answer = self._run(self.sdk.list_objects, Prefix=prefix, MaxKeys=100)
        return [row["Key"] for row in answer.get("Contents", [])]

    def multipart(self, key, data):
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            self._run(self.sdk.upload_file, Key=key, LocalFilePath=file.name, PartSize=1, MAXThread=2)

    def presigned(self, key):
        # Pointed at an IP, the SDK writes the IP into the URL, and signs it unless it is told the name.
        by_ip = self.way in ("elsewhere", "tls")
        url = self.sdk.get_presigned_url(Bucket=self.world.bucket, Key=key, Method="GET", Expired=300,
                                         Headers={"Host": self.world.host} if by_ip else {})
        port = self.world.tls_port if self.way == "tls" else self.world.proxy_port
        return url.replace(f"//127.0.0.1:{port}/", f"//{self.world.host}/") if by_ip else url


class PythonSdkUnsignedHost(PythonSdk):
    """The same where Host is left out of the signature: nothing is signed anew."""

    name = "cos-python-sdk-v5, SignHost=False"
    ways = {
        "mapped": "CosConfig(Region=R, Scheme='http', Domain='localhost:8080', SignHost=False)",
        "localhost": "CosConfig(Region=R, Scheme='http', Endpoint='cos.R.localhost:8080', SignHost=False)",
    }
    more = {"SignHost": False}
