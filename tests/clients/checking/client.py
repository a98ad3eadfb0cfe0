"""Requests signed by other people's signers too, and sent byte for byte as they were signed."""

import http.client
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import quote, unquote

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from qcloud_cos import CosConfig
from qcloud_cos.cos_auth import CosS3Auth


def encoded(key):
    return quote(key, safe="/-_.~")


def sigv4(keys, region, method, url, headers=(), body=b"", payload=None):
    """`(target, headers)`, signed in the Authorization header. `payload` is said in place of the body's hash."""
    request = AWSRequest(method, url, data=body)
    for name, value in headers:
        request.headers.add_header(name, value)
    signer = S3SigV4Auth(Credentials(keys.secret_id, keys.secret_key, keys.token), "s3", region)
    if payload == "UNSIGNED-PAYLOAD":
        request.context["client_config"] = Config(s3={"payload_signing_enabled": False})
    elif payload == "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
        request.context["checksum"] = {"request_algorithm": {"in": "trailer"}}
    elif payload:
        signer.payload = lambda _: payload
    signer.add_auth(request)
    return target_of(request.url), list(request.headers.items())


def sigv4_query(keys, region, method, url, headers=(), body=b"", payload=None):
    """`(target, headers)` of a pre-signed URL. botocore would write the query anew; here it stays as it is."""
    signer = S3SigV4QueryAuth(Credentials(keys.secret_id, keys.secret_key), "s3", region)
    timestamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    request = AWSRequest(method, url)
    request.context["timestamp"] = timestamp
    for name, value in headers:
        request.headers.add_header(name, value)
    said = {"Algorithm": "AWS4-HMAC-SHA256", "Credential": signer.scope(request), "Date": timestamp, "Expires": "300",
            "SignedHeaders": signer.signed_headers(signer.headers_to_sign(request)),
            **({"Security-Token": keys.token} if keys.token else {})}
    request.url += ("&" if "?" in url else "?") + "&".join(
        f"X-Amz-{name}={quote(value, safe='-_.~')}" for name, value in said.items())
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    return target_of(f"{request.url}&X-Amz-Signature={signature}"), list(headers)


def qsign(keys, region, method, url, headers=(), body=b"", payload=None):
    """`(target, headers)`, signed in the Authorization header."""
    headers = [*headers, *([("x-cos-security-token", keys.token)] if keys.token else [])]
    return target_of(url), [*headers, ("Authorization", vendor_authorization(keys, method, url, headers))]


def qsign_query(keys, region, method, url, headers=(), body=b"", payload=None):
    """`(target, headers)` of a pre-signed URL."""
    signed = vendor_authorization(keys, method, url, headers)
    pairs = [pair.partition("=")[::2] for pair in signed.split("&")]
    if keys.token:
        pairs.append(("x-cos-security-token", keys.token))
    joined = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)
    return target_of(url) + ("&" if "?" in url else "?") + joined, list(headers)


def vendor_authorization(keys, method, url, headers):
    target = target_of(url)
    path, _, query = target.partition("?")
    params = {unquote(name): unquote(value) for name, _, value in
              (pair.partition("=") for pair in query.split("&") if pair)}
    request = SimpleNamespace(method=method, url=url, headers=dict(headers))
    config = CosConfig(Region="any", SecretId=keys.secret_id, SecretKey=keys.secret_key)
    return CosS3Auth(config, unquote(path), params, 300)(request).headers["Authorization"]


def target_of(url):
    return "/" + url.split("/", 3)[3]


def send(port, host, method, target, headers=(), body=b""):
    """`(status, headers, body)`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host)
        for name, value in headers:
            if name.lower() not in ("host", "content-length"):
                connection.putheader(name, value)
        if body or method in ("PUT", "POST"):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()
