"""SigV4, by botocore's own signers: they compute the signature once more from the request as it came.

Which names are signed, when, and for which region comes from the request; everything else is botocore's doing."""

import hashlib
import re
from urllib.parse import unquote

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

HEADER = re.compile(r"AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})")


def fault(received, secret_keys):
    """What is wrong with the signature, or None."""
    given = received.header("authorization")
    if given is not None:
        found = HEADER.fullmatch(given)
        if not found:
            return f"the Authorization can't be read: {given}"
        credential, names, signature = found.groups()
        query, timestamp, sort = received.pairs, received.header("x-amz-date"), S3SigV4Auth
    else:
        of_query = dict(received.pairs)
        credential, names, signature, timestamp = (
            unquote(of_query.get(f"X-Amz-{name}", ""))
            for name in ("Credential", "SignedHeaders", "Signature", "Date"))
        query = [pair for pair in received.pairs if pair[0] != "X-Amz-Signature"]
        sort = S3SigV4QueryAuth
    if credential.count("/") != 4 or not timestamp:
        return "there is no SigV4 signature"
    secret_id, day, region, service, _ = credential.split("/")
    if secret_id not in secret_keys:
        return f"the key {secret_id} is not known"
    if day != timestamp[:8]:
        return "the credential's day is not the date's"

    request = AWSRequest(received.method, url(received, query))
    signed = names.split(";")
    if "host" not in signed:
        return "the host is not signed"
    for name, value in received.headers:
        # The hash is said in the canonical request, whether or not its header is signed.
        if name.lower() in signed or (name.lower() == "x-amz-content-sha256" and given is not None):
            request.headers.add_header(name.lower(), value)
    request.context["timestamp"] = timestamp
    signer = sort(Credentials(secret_id, secret_keys[secret_id]), service, region)
    if signer.signed_headers(signer.headers_to_sign(request)) != names:
        return f"signed as {names}, sent as {signer.signed_headers(signer.headers_to_sign(request))}"
    canonical = signer.canonical_request(request)
    if signer.signature(signer.string_to_sign(request, canonical), request) != signature:
        return f"botocore computes another signature, over:\n{canonical}"
    return fault_of_body(received) if given is not None else None


def url(received, query):
    joined = "&".join(f"{name}={value}" for name, value in query)
    return f"http://{received.host}{received.path}" + (f"?{joined}" if joined else "")


def fault_of_body(received):
    said = received.header("x-amz-content-sha256")
    if said and re.fullmatch("[0-9a-f]{64}", said) and hashlib.sha256(received.body).hexdigest() != said:
        return "the body is not the one that was hashed"
    return None
