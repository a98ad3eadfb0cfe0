"""What the frame asks of every client. A module `client_*.py` has one or more subclasses; `roster.py` lists them."""

from __future__ import annotations

import os
from pathlib import Path


class Client:
    # The matrix's row.
    name: str
    # Way -> the setting, as docs/pointing-clients.md prints it. What is not here the client can't use.
    ways: dict[str, str]
    # Way -> why it can't work by that way, where the client has a setting for it at all.
    no: dict[str, str] = {}
    # Operation -> why this client has none of the kind.
    lacks: dict[str, str] = {}
    # The smallest part of a multipart upload that the client can be told.
    part = 1 << 20
    # The ways by which it needs the system to find NAME.localhost. Browsers and curl know such names by themselves; S3
    # clients put the bucket's name before `localhost`.
    asks_the_system_for_localhost = ("mapped", "localhost")
    # Whether its user sees COS's code, and the diagnosis in a header or in the body.
    shows_code, shows_diagnosis = True, True

    def __init__(self, world, way):
        """Ready to talk to the world's bucket with the world's keys, by one of `ways`."""
        self.world, self.way = world, way

    # Each raises `refused.Refused` where COS refuses.

    def put(self, key: str, data: bytes) -> None:
        raise NotImplementedError

    def multipart(self, key: str, data: bytes) -> None:
        """Uploads `data`, somewhat longer than `part`, in parts."""
        raise NotImplementedError

    def get(self, key: str) -> bytes:
        raise NotImplementedError

    def range(self, key: str, first: int, last: int) -> bytes:
        """The bytes from `first` to `last`, both included."""
        raise NotImplementedError

    def list(self, prefix: str) -> list[str]:
        raise NotImplementedError

    def delete(self, key: str) -> None:
        raise NotImplementedError

    def presigned(self, key: str) -> str:
        """A URL to download `key` with, as the client makes it."""
        raise NotImplementedError

    @classmethod
    def stop(cls):
        """Ends what its instances share, while coswhy still runs."""

    @classmethod
    def strange_keys(cls, keys: dict[str, str]) -> list[str]:
        """Those of `world.AWKWARD_KEYS` that the client itself can name."""
        return list(keys.values())

    @classmethod
    def missing(cls) -> str | None:
        """Why the client can't be run on this machine, if it can't."""
        return None


def not_installed(*programs):
    """For `missing`: the first program that is not on the PATH."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    for program in programs:
        if not any(os.access(Path(folder, program), os.X_OK) for folder in folders):
            return f"{program} is not installed"
    return None
