"""cos-python-sdk-v5, the vendor's SDK for Python."""

import logging
import tempfile

import requests
from qcloud_cos import CosConfig, CosS3Client
from qcloud_cos.cos_exception import CosServiceError

from refused import Refused, read_body

# The SDK logs every refusal as an error of its own.
logging.getLogger("qcloud_cos").setLevel(logging.CRITICAL)


class PythonSdk:
    def __init__(self, world, way="proxies"):
        self.world, self.way = world, way
        address = ({"Proxies": {"http": world.proxy}} if way == "proxies"
                   else {"IP": "127.0.0.1", "Port": world.proxy_port})
        self.sdk = CosS3Client(CosConfig(
            Region=world.region, SecretId=world.keys.secret_id, SecretKey=world.keys.secret_key,
            Token=world.keys.token, Scheme=world.scheme, Timeout=20, **address), retry=0, session=requests.Session())

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
        url = self.sdk.get_presigned_url(Bucket=self.world.bucket, Key=key, Method="GET", Expired=300,
                                         Headers={"Host": self.world.host} if self.way == "ip" else {})
        return url.replace(f"//127.0.0.1:{self.world.proxy_port}/", f"//{self.world.host}/")
