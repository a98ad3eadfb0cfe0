"""boto3, the S3 SDK for Python, on COS's S3-compatible interface."""

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

from client import Client
from refused import Refused, read_element
from s3_address import s3_address


class Boto3(Client):
    name = "boto3"
    part = 5 << 20
    ways = {
        "proxy": "boto3.client('s3', endpoint_url='http://cos.R.myqcloud.com', "
                 "config=Config(proxies={'http': 'http://127.0.0.1:8080'}, s3={'addressing_style': 'virtual'}))",
        "connect": "boto3.client('s3', endpoint_url='https://cos.R.myqcloud.com', verify='ca.pem', "
                   "config=Config(proxies={'https': 'http://127.0.0.1:8080'}, s3={'addressing_style': 'virtual'}, "
                   "request_checksum_calculation='when_required'))",
        "mapped": "boto3.client('s3', endpoint_url='http://localhost:8080', "
                  "config=Config(s3={'addressing_style': 'virtual'}))",
        "path": "boto3.client('s3', endpoint_url='http://127.0.0.1:8080')",
        "localhost": "boto3.client('s3', endpoint_url='http://cos.R.localhost:8080', "
                     "config=Config(s3={'addressing_style': 'virtual'}))",
        "tls": "boto3.client('s3', endpoint_url='https://127.0.0.1:8443', verify='ca.pem', "
               "config=Config(request_checksum_calculation='when_required'))",
    }

    def __init__(self, world, way):
        super().__init__(world, way)
        address = s3_address(world, way)
        proxies = {"https" if address.secure else "http": address.proxy} if address.proxy else None
        # Over https it would send uploads in chunks with a checksum behind them, which COS refuses.
        checksums = {"request_checksum_calculation": "when_required"} if address.secure else {}
        self.sdk = boto3.client(
            "s3", endpoint_url=address.endpoint, region_name=world.region, verify=str(address.trust or True),
            aws_access_key_id=world.keys.secret_id, aws_secret_access_key=world.keys.secret_key,
            aws_session_token=world.keys.token,
            config=Config(proxies=proxies, s3={"addressing_style": "path" if address.path_style else "virtual"},
                          signature_version="s3v4", retries={"max_attempts": 1}, connect_timeout=10,
                          read_timeout=20, **checksums))

    def _run(self, call, **arguments):
        try:
            return call(Bucket=self.world.bucket, **arguments)
        except ClientError as error:
            answer, meta = error.response["Error"], error.response["ResponseMetadata"]
            element = answer.get("Diagnosis")
            raise Refused(meta["HTTPStatusCode"], answer["Code"], answer["Message"],
                          header=meta["HTTPHeaders"].get("x-cos-diagnosis"),
                          explanation=read_element(element) if element else None) from error

    def put(self, key, data):
        self._run(self.sdk.put_object, Key=key, Body=data)

    def get(self, key):
        return self._run(self.sdk.get_object, Key=key)["Body"].read()

    def range(self, key, first, last):
        return self._run(self.sdk.get_object, Key=key, Range=f"bytes={first}-{last}")["Body"].read()

    def head(self, key):
        return self._run(self.sdk.head_object, Key=key)["ContentLength"]

    def delete(self, key):
        self._run(self.sdk.delete_object, Key=key)

    def list(self, prefix):
        return [row["Key"] for row in self._run(self.sdk.list_objects, Prefix=prefix).get("Contents", [])]

    def multipart(self, key, data):
        upload = self._run(self.sdk.create_multipart_upload, Key=key)["UploadId"]
        parts = []
        for number, start in enumerate(range(0, len(data), self.part), 1):
            tag = self._run(self.sdk.upload_part, Key=key, UploadId=upload, PartNumber=number,
                            Body=data[start:start + self.part])["ETag"]
            parts.append({"PartNumber": number, "ETag": tag})
        self._run(self.sdk.complete_multipart_upload, Key=key, UploadId=upload, MultipartUpload={"Parts": parts})

    def presigned(self, key):
        return self.sdk.generate_presigned_url(
            "get_object", Params={"Bucket": self.world.bucket, "Key": key}, ExpiresIn=300)
