"""The settings that coswhy runs with: one process has every way in."""

from world import OWNER, READER, SUB_ACCOUNT, TEMPORARY

KEYS = {"OWNER": OWNER, "SUB_ACCOUNT": SUB_ACCOUNT, "TEMPORARY": TEMPORARY, "READER": READER}


def settings(world, made, cos_port, log_file):
    text = f"""listen = "127.0.0.1:{world.proxy_port}"
[admin]
listen = "127.0.0.1:{world.admin_port}"
[upstream]
connect_to = "127.0.0.1:{cos_port}"
ca_file = "{made.authority}"
[log]
file = "{log_file}"
"""
    for name, keys in KEYS.items():
        text += f'[[keys]]\nsecret_id = "{keys.secret_id}"\nsecret_key_env = "TESTS_{name}"\n'
    # One name stands for a bucket, the other for a region: https and http have different ports. S3 clients put the
    # bucket's name before any name.
    return text + f"""[[map]]
host = "localhost"
region = "{world.region}"
bucket = "{world.bucket}"
[[map]]
host = "{world.bucket}.localhost"
region = "{world.region}"
bucket = "{world.bucket}"
[[map]]
host = "127.0.0.1"
region = "{world.region}"
[tls]
listen = "127.0.0.1:{world.tls_port}"
cert = "{made.front}"
key = "{made.front_key}"
[intercept]
ca_cert = "{made.intercept}"
ca_key = "{made.intercept_key}"
"""


def environment():
    """What `secret_key_env` names."""
    return {f"TESTS_{name}": keys.secret_key for name, keys in KEYS.items()}
