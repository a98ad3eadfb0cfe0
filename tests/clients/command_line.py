"""What the clients that are commands have in common: a folder of their own, and COS's words in what they print."""

import re
import subprocess
import tempfile
from pathlib import Path

import forked_script
from client import Client
from programs import environment
from refused import Refused


class CommandLine(Client):
    # Of a tool in Python: what takes it long to load. Its command begins with its script.
    modules = ()
    # `An error occurred (AccessDenied)`, `AccessDenied: Access Denied.`, `403 (AccessDenied)`, …: what this tool prints.
    refusal = re.compile(r"(?P<code>AccessDenied)")
    shows_diagnosis = False

    def __init__(self, world, way):
        super().__init__(world, way)
        self._folder = tempfile.TemporaryDirectory(prefix="coswhy-")
        self.folder = Path(self._folder.name)

    def run(self, *command, data=b"", **variables):
        """Its standard output."""
        command = [str(part) for part in command]
        variables = environment(HOME=self._folder.name, **variables)
        if self.modules:
            done = forked_script.run(self.modules, command[0], command[1:], data, self.folder, variables)
        else:
            done = subprocess.run(command, input=data, capture_output=True, timeout=60, cwd=self.folder, env=variables)
        said = (done.stdout + b"\n" + done.stderr).decode(errors="replace")
        found = self.refusal.search(said)
        if done.returncode != 0:
            assert found, f"{command}: {said}"
            header = re.search(r"(?im)^.*?x-cos-diagnosis: *(.*?)\r?$", said)
            raise Refused(403, found["code"], said, header=header and header[1])
        return done.stdout

    def file(self, data, name="file"):
        path = self.folder / name
        path.write_bytes(data)
        return path

    @classmethod
    def strange_keys(cls, keys):
        """The hardest, in one: each is several runs of a program."""
        return [keys["all"] + keys["percent"]]
