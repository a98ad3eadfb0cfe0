"""What the vendor's SDKs for JavaScript have in common: orders for node/vendor_calls.js."""

from client import Client
from ordered_process import decoded, encoded


class VendorCalls(Client):
    # The constructor's options.
    options: dict

    def keys_and(self, **options):
        keys = self.world.keys
        token = {"SecurityToken": keys.token} if keys.token else {}
        return {"SecretId": keys.secret_id, "SecretKey": keys.secret_key, **token, **options}

    def ask(self, order):
        """The answer of the process in which the SDK runs."""
        raise NotImplementedError

    def _run(self, call, key="", data=b"", **more):
        return self.ask({"options": self.options, "call": call, "bucket": self.world.bucket,
                         "region": self.world.region, "key": key, "data": encoded(data), **more})

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
