"""Clients that no registry here has: what their sources say. `source`: the client has a setting for that way, not tried."""

from ways import WAYS


def has(*ways, **other):
    assert set(ways) | set(other) <= set(WAYS)
    return dict.fromkeys(ways, "source") | other


SOURCE_ROWS = {
    "cos-go-sdk-v5": has("elsewhere", "proxy", "connect", "mapped", "localhost", "tls"),
    "cos_api for Java": has("elsewhere", "proxy", "connect", "mapped", "localhost", "tls"),
    "cos-sdk-v5 for PHP": has("elsewhere", "proxy", "connect", "mapped", "localhost", "tls"),
    "COS SDK for .NET": has("proxy", "connect", "mapped", "localhost", "tls"),
    "COS SDK for iOS": has("proxy", "connect", "mapped", "path", "tls"),
    "COS SDK for Android": has("elsewhere", "proxy", "connect", "mapped", "path", "tls"),
    "coscli": has("proxy", "connect", "mapped", "localhost", "tls"),
    "cosfs": has("proxy", "connect", "mapped", "path", "localhost", "tls"),
    "hadoop-cos": has("elsewhere", "proxy", "connect", "mapped", "localhost", "tls"),
    "JuiceFS": has("proxy", "connect", "mapped", "localhost", "tls"),
    "AWS SDK for Java v2": has("proxy", "connect", "mapped", "path", "localhost", "tls"),
    "Velero": has("proxy", "connect", "path", "tls"),
    "Terraform COS backend": has("proxy", "connect"),
}
