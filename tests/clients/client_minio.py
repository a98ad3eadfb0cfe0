"""minio, MinIO's S3 SDK for Python."""

import io
from datetime import timedelta

import urllib3
from minio import Minio
from minio.error import S3Error

from client import Client
from refused import Refused, read_body
from s3_address import s3_address


class MinioPython(Client):
    name = "minio (Python)"
    part = 5 << 20
    ways = {
        "proxy": "Minio('cos.R.myqcloud.com', secure=False, http_client=urllib3.ProxyManager('http://127.0.0.1:8080')), "
                 "enable_virtual_style_endpoint()",
        "connect": "Minio('cos.R.myqcloud.com', http_client=urllib3.ProxyManager('http://127.0.0.1:8080', "
                   "ca_certs='ca.pem')), enable_virtual_style_endpoint()",
        "mapped": "Minio('localhost:8080', secure=False), enable_virtual_style_endpoint()",
        "path": "Minio('127.0.0.1:8080', secure=False)",
        "localhost": "Minio('cos.R.localhost:8080', secure=False), enable_virtual_style_endpoint()",
        "tls": "Minio('127.0.0.1:8443', http_client=urllib3.PoolManager(ca_certs='ca.pem'))",
    }

    def __init__(self, world, way):
        super().__init__(world, way)
        address, keys = s3_address(world, way), world.keys
        pool = {"retries": False, "ca_certs": address.trust and str(address.trust)}
        http = urllib3.ProxyManager(address.proxy, **pool) if address.proxy else urllib3.PoolManager(**pool)
        self.sdk = Minio(address.host, access_key=keys.secret_id, secret_key=keys.secret_key,
                         session_token=keys.token, secure=address.secure, region=world.region, http_client=http)
        if not address.path_style:
            self.sdk.enable_virtual_style_endpoint()

    def _run(self, call, key, *arguments, **named):
        try:
            return call(bucket_name=self.world.bucket, object_name=key, *arguments, **named)
        except S3Error as error:
            body = error.response.data
            explanation = read_body(body)[2] if body else None
            raise Refused(error.response.status, error.code, error.message,
                          header=error.response.headers.get("x-cos-diagnosis"), explanation=explanation) from error

    def put(self, key, data):
        self._run(self.sdk.put_object, key, data=io.BytesIO(data), length=len(data))

    def multipart(self, key, data):
        # Of unknown length, so in parts.
        self._run(self.sdk.put_object, key, data=io.BytesIO(data), length=-1, part_size=self.part)

    def get(self, key):
        return self._run(self.sdk.get_object, key).data

    def range(self, key, first, last):
        return self._run(self.sdk.get_object, key, offset=first, length=last - first + 1).data

    def list(self, prefix):
        return [row.object_name for row in self.sdk.list_objects(self.world.bucket, prefix=prefix, recursive=True)]

    def delete(self, key):
        self._run(self.sdk.remove_object, key)

    def presigned(self, key):
        return self._run(self.sdk.presigned_get_object, key, expires=timedelta(minutes=5))
