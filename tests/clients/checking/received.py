"""A request as it came over the wire, nothing decoded or put in order."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Received:
    method: str
    # Path and query as sent.
    target: str
    # Names as sent, in order, repeated ones too.
    headers: tuple
    body: bytes

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def pairs(self):
        """The query's `(name, value)` as sent; a parameter without a value has an empty one."""
        query = self.target.partition("?")[2]
        return [tuple(pair.partition("=")[::2]) for pair in query.split("&") if pair]

    def values(self, name):
        return [value for other, value in self.headers if other.lower() == name]

    def header(self, name):
        return next(iter(self.values(name)), None)

    @property
    def host(self):
        return self.header("host")
