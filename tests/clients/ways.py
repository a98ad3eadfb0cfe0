"""The ways in, and what a client does by each: the matrix's columns, and what a `yes` in it stands for."""

# How a client is brought to coswhy. docs/pointing-clients.md says more about each.
WAYS = {
    "elsewhere": "connects to coswhy, keeps COS's name as Host",
    "proxy": "coswhy as HTTP proxy, http",
    "connect": "coswhy as HTTP proxy, https through CONNECT",
    "mapped": "an address that `[[map]]` gives to a bucket",
    "path": "path style, at an address that `[[map]]` gives to a region",
    "localhost": "BUCKET.cos.REGION.localhost",
    "tls": "https to `tls.listen`",
}

# What a client must do by a way for its `yes`.
OPERATIONS = ("upload", "multipart upload", "download", "range", "list", "delete", "pre-signed URL", "refusal")
