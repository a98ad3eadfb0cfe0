"""deploy/release: the archive, the Debian package and the sums, made of the release build that is there."""

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from conftest import HOST, ROOT, run

POLICY = Path("/usr/sbin/policy-rc.d")


class Release:
    """Makes parts of a release, in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder

    def make(self, *parts):
        run(ROOT / "deploy/release", *parts, env=os.environ | {"TARGETS": HOST, "DIST": str(self.folder)})

    def only(self, pattern):
        (found,) = self.folder.glob(pattern)
        return found


@pytest.fixture(scope="module")
def parts(release, tmp_path_factory):
    return Release(tmp_path_factory.mktemp("dist"))


def test_the_archive_is_whole_and_the_same_each_time(parts):
    parts.make("documents", "archive", "sums")
    archive = parts.only("*.tar.gz")
    first = hashlib.sha256(archive.read_bytes()).hexdigest()
    sums = (parts.folder / "SHA256SUMS").read_text()
    assert f"{first}  {archive.name}" in sums and "SHA256SUMS" not in sums
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=parts.folder, check=True)
    with tarfile.open(archive) as files:
        names = {name.split("/", 1)[-1] for name in files.getnames()}
        assert {member.uid for member in files} == {0} and len({member.mtime for member in files}) == 1
    for name in ("coswhy", "LICENSE", "coswhy.toml", "systemd/coswhy.service", "logrotate/coswhy", "man/coswhy.1",
                 "man/coswhy-serve.1", "completions/coswhy.bash", "completions/_coswhy", "completions/coswhy.fish"):
        assert name in names, name
    parts.make("documents", "archive")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == first


def test_a_part_that_is_none_is_named():
    done = subprocess.run([ROOT / "deploy/release", "imgae"], capture_output=True, text=True)
    assert done.returncode == 2 and "imgae" in done.stderr


@pytest.fixture
def nothing_is_started():
    """Debian's own way to say that an installation starts no service."""
    if os.getuid() != 0 or not shutil.which("dpkg"):
        pytest.skip("needs root on Debian")
    if subprocess.run(["dpkg-query", "--show", "coswhy"], capture_output=True).returncode == 0:
        pytest.skip("coswhy is installed here")
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    yield
    subprocess.run(["dpkg", "--purge", "coswhy"], capture_output=True)
    if ours:
        POLICY.unlink()


def test_the_package_is_installed_and_leaves_nothing(parts, nothing_is_started):
    if not shutil.which("cargo-deb"):
        pytest.skip("no cargo-deb")
    parts.make("documents", "package")
    package = parts.only("*.deb")
    print(f"| the package's size: {package.stat().st_size / 1e6:.1f} MB")
    run("dpkg", "--install", package)
    assert run("/usr/bin/coswhy", "--version").startswith("coswhy ")
    for unit in sorted((ROOT / "deploy/systemd").glob("coswhy.*")):
        placed = Path("/usr/lib/systemd/system", unit.name)
        assert placed.read_text() == unit.read_text()
        if shutil.which("systemd-analyze"):
            checked = subprocess.run(["systemd-analyze", "verify", placed], capture_output=True, text=True)
            assert "coswhy" not in checked.stderr, checked.stderr
    assert "coswhy-serve(1)" in run("man", "--pager=cat", "1", "coswhy") if shutil.which("man") else True
    assert "serve" in run(
        "bash", "--norc", "-c",
        "source /usr/share/bash-completion/completions/coswhy; COMP_WORDS=(coswhy ser); COMP_CWORD=1; "
        "_coswhy coswhy ser coswhy; echo ${COMPREPLY[@]}",
    )
    run("coswhy", "config", "check", "/etc/coswhy/coswhy.toml")
    for shipped in [*(ROOT / "deploy/prometheus").glob("*.yml"), *(ROOT / "deploy/grafana").glob("**/*.*")]:
        placed = Path("/usr/share/coswhy", shipped.relative_to(ROOT / "deploy"))
        assert placed.read_text() == shipped.read_text()
    conffiles = run("dpkg-query", "--showformat", "${Conffiles}", "--show", "coswhy")
    assert "/etc/coswhy/coswhy.toml" in conffiles and "/etc/logrotate.d/coswhy" in conffiles
    run("dpkg", "--remove", "coswhy")
    assert not Path("/usr/bin/coswhy").exists() and Path("/etc/coswhy/coswhy.toml").exists()
    run("dpkg", "--purge", "coswhy")
    for left in ("/etc/coswhy", "/etc/logrotate.d/coswhy", "/usr/lib/systemd/system/coswhy.service"):
        assert not Path(left).exists(), left
