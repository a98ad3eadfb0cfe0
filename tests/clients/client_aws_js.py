"""AWS's SDK for JavaScript, version 3, in Node.js."""

from client import Client
from ordered_process import ask, decoded, encoded
from s3_address import s3_address


class AwsJs(Client):
    name = "AWS SDK for JavaScript v3"
    part = 5 << 20
    ways = {
        "elsewhere": "new S3Client({endpoint: 'http://cos.R.myqcloud.com', requestHandler: {httpAgent}}), "
                     "httpAgent.createConnection = () => net.connect(8080, '127.0.0.1')",
        "proxy": "new S3Client({endpoint: 'http://cos.R.myqcloud.com', expectContinueHeader: false, "
                 "requestHandler: {httpAgent: new HttpProxyAgent('http://127.0.0.1:8080')}})",
        "connect": "new S3Client({endpoint: 'https://cos.R.myqcloud.com', "
                   "requestHandler: {httpsAgent: new HttpsProxyAgent('http://127.0.0.1:8080')}}), "
                   "NODE_EXTRA_CA_CERTS=ca.pem",
        "mapped": "new S3Client({endpoint: 'http://localhost:8080'})",
        "path": "new S3Client({endpoint: 'http://127.0.0.1:8080', forcePathStyle: true})",
        "localhost": "new S3Client({endpoint: 'http://cos.R.localhost:8080'})",
        "tls": "new S3Client({endpoint: 'https://127.0.0.1:8443', forcePathStyle: true}), NODE_EXTRA_CA_CERTS=ca.pem",
    }

    def __init__(self, world, way):
        super().__init__(world, way)
        address, keys = s3_address(world, way), world.keys
        self.variables = {"NODE_EXTRA_CA_CERTS": str(address.trust)} if address.trust else {}
        self.order = {
            "endpoint": address.endpoint, "pathStyle": address.path_style, "proxy": address.proxy,
            "elsewhere": world.proxy_port if way == "elsewhere" else None,
            "region": world.region, "bucket": world.bucket, "part": self.part,
            "credentials": {"accessKeyId": keys.secret_id, "secretAccessKey": keys.secret_key,
                            **({"sessionToken": keys.token} if keys.token else {})},
        }

    def _run(self, call, key="", data=b"", **more):
        return ask("aws.js", {**self.order, "call": call, "key": key, "data": encoded(data), **more}, **self.variables)

    def put(self, key, data):
        self._run("put", key, data)

    def put_stream(self, key, data):
        self._run("put-stream", key, data)

    def multipart(self, key, data):
        self._run("multipart", key, data)

    def get(self, key):
        return decoded(self._run("get", key))

    def range(self, key, first, last):
        return decoded(self._run("get", key, more={"Range": f"bytes={first}-{last}"}))

    def list(self, prefix):
        return self._run("list", prefix=prefix)

    def delete(self, key):
        self._run("delete", key)

    def presigned(self, key):
        return self._run("presigned", key)
