"""The S3 SDKs for Go that Debian packages: AWS's second one, and MinIO's."""

import go_program
from client import Client
from ordered_process import ask_program, decoded, encoded
from s3_address import s3_address


class GoClient(Client):
    program: str
    package: str
    part = 5 << 20

    def __init__(self, world, way):
        super().__init__(world, way)
        address, keys = s3_address(world, way), world.keys
        self.order = {
            "Endpoint": address.endpoint, "Host": address.host, "Secure": address.secure,
            "PathStyle": address.path_style, "Proxy": address.proxy or "", "Trust": str(address.trust or ""),
            "Elsewhere": world.proxy_port if way == "elsewhere" else 0,
            "Region": world.region, "Bucket": world.bucket, "Part": self.part,
            "SecretID": keys.secret_id, "SecretKey": keys.secret_key, "Token": keys.token or "",
        }

    def _run(self, call, key="", data=b"", **more):
        order = {**self.order, "Call": call, "Key": key, "Data": encoded(data), **more}
        return ask_program((go_program.built(self.program),), order)

    def put(self, key, data):
        self._run("put", key, data)

    def multipart(self, key, data):
        self._run("multipart", key, data)

    def get(self, key):
        return decoded(self._run("get", key))

    def range(self, key, first, last):
        return decoded(self._run("range", key, First=first, Last=last))

    def list(self, prefix):
        return self._run("list", Prefix=prefix)

    def delete(self, key):
        self._run("delete", key)

    def presigned(self, key):
        return self._run("presigned", key)

    @classmethod
    def missing(cls):
        return go_program.missing(cls.package)


class AwsGo(GoClient):
    name = "AWS SDK for Go v2"
    program, package = "awssdk", "github.com/aws/aws-sdk-go-v2"
    ways = {
        "elsewhere": "EndpointResolverFromURL(\"http://cos.R.myqcloud.com\"), "
                     "Transport.DialContext to 127.0.0.1:8080",
        "proxy": "EndpointResolverFromURL(\"http://cos.R.myqcloud.com\"), HTTP_PROXY=http://127.0.0.1:8080",
        "connect": "EndpointResolverFromURL(\"https://cos.R.myqcloud.com\"), HTTPS_PROXY=http://127.0.0.1:8080, "
                   "AWS_CA_BUNDLE=ca.pem",
        "mapped": "EndpointResolverFromURL(\"http://localhost:8080\")",
        "path": "EndpointResolverFromURL(\"http://127.0.0.1:8080\"), UsePathStyle: true",
        "localhost": "EndpointResolverFromURL(\"http://cos.R.localhost:8080\")",
        "tls": "EndpointResolverFromURL(\"https://127.0.0.1:8443\"), UsePathStyle: true, AWS_CA_BUNDLE=ca.pem",
    }


class MinioGo(GoClient):
    """With chunk signing off, which it does over plain http; `test_chunks.py` has it on."""

    name = "minio-go"
    program, package = "miniogo", "github.com/minio/minio-go"
    ways = {
        "elsewhere": "minio.New(\"cos.R.myqcloud.com\", BucketLookupDNS), Transport.DialContext to 127.0.0.1:8080",
        "proxy": "minio.New(\"cos.R.myqcloud.com\", BucketLookupDNS), HTTP_PROXY=http://127.0.0.1:8080",
        "connect": "minio.New(\"cos.R.myqcloud.com\", Secure, BucketLookupDNS), HTTPS_PROXY=http://127.0.0.1:8080, "
                   "RootCAs",
        "mapped": "minio.New(\"localhost:8080\", BucketLookupDNS), DisableContentSha256",
        "path": "minio.New(\"127.0.0.1:8080\"), DisableContentSha256",
        "localhost": "minio.New(\"cos.R.localhost:8080\", BucketLookupDNS), DisableContentSha256",
        "tls": "minio.New(\"127.0.0.1:8443\", Secure), RootCAs",
    }
    # Its errors have no header, and of the body what it knows.
    shows_diagnosis = False

    def __init__(self, world, way):
        super().__init__(world, way)
        # Where nothing is signed anew, signed chunks are no matter.
        self.order["Chunked"] = way in ("elsewhere", "proxy")
