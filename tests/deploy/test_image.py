"""The Dockerfile, built by buildah with the compiler's base image replaced, and the image run as it is meant to run."""

import json
import os
import re
import shutil
import subprocess
import tarfile
import tomllib
from pathlib import Path

import pytest

from conftest import HOST, ROOT, Running, needs, quiet_environment, run

pytestmark = [
    needs("buildah"),
    pytest.mark.skipif(os.getuid() != 0, reason="needs root"),
]

VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]
IMAGE = f"localhost/coswhy:{VERSION}"
# Stands for cargo in the builder: it has compiled already, outside, by the same command.
CARGO = """#!/bin/sh
set -e
[ "$RUSTFLAGS" = '-C target-feature=+crt-static --cfg getrandom_backend="linux_getrandom"' ] || { echo "other RUSTFLAGS: $RUSTFLAGS"; exit 9; }
[ "$*" = "build --release --locked --bin coswhy --target HOST" ] || { echo "another command: $*"; exit 9; }
for needed in Cargo.toml Cargo.lock FILES; do
  [ -e "$needed" ] || { echo "not in the build's context: $needed"; exit 9; }
done
mkdir -p target/HOST/release
cp /prebuilt target/HOST/release/coswhy
"""


def buildah(store, *words):
    return run(
        "buildah", "--storage-driver", "vfs", "--root", store / "root", "--runroot", store / "run", *words
    ).strip()


def read_at_compile_time():
    """Everything that the sources are compiled of."""
    tracked = run("git", "-C", ROOT, "ls-files", "src", "config", "benches").split()
    return " ".join(sorted(tracked))


def builder(store, release):
    """An image with what the Dockerfile's first stage needs, taken from this machine."""
    tree = store / "builder"
    for program in ("sh", "cp", "mkdir", "strip", "uname"):
        path = shutil.which(program)
        (tree / "bin").mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tree / "bin" / program)
        for library in re.findall(r"(/\S+) \(0x", run("ldd", path)):
            (tree / library[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, tree / library[1:])
    shim = CARGO.replace("HOST", HOST).replace("FILES", read_at_compile_time())
    (tree / "bin/cargo").write_text(shim)
    (tree / "bin/cargo").chmod(0o755)
    shutil.copy(release, tree / "prebuilt")
    roots = tree / "etc/ssl/certs/ca-certificates.crt"
    roots.parent.mkdir(parents=True)
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", roots)
    container = buildah(store, "from", "scratch")
    buildah(store, "add", container, tree, "/")
    buildah(store, "commit", "--rm", container, "localhost/builder")
    return "localhost/builder"


@pytest.fixture(scope="module")
def store(tmp_path_factory, release):
    store = tmp_path_factory.mktemp("buildah")
    environment = os.environ | {
        "RUST_IMAGE": builder(store, release), "BUILDAH_ROOT": str(store), "DIST": str(store / "dist")
    }
    run(ROOT / "deploy/release", "image", env=environment)
    yield store
    shutil.rmtree(store, ignore_errors=True)


@pytest.fixture(scope="module")
def container(store):
    container = buildah(store, "from", IMAGE)
    yield container
    buildah(store, "rm", container)


@pytest.fixture(scope="module")
def tree(store, container):
    """The image's files."""
    return Path(buildah(store, "mount", container))


def test_it_holds_the_program_the_roots_of_trust_and_the_licence_alone(tree):
    made_for_running = {"dev", "proc", "sys", "run", "etc/hosts", "etc/resolv.conf", "etc/hostname"}
    files = {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()} - made_for_running
    assert files == {"coswhy", "LICENSE", "etc/ssl/certs/ca-certificates.crt"}
    size = sum((tree / file).stat().st_size for file in files)
    print(f"| the image's size: {size / 1e6:.1f} MB")
    assert size <= 25e6
    assert (tree / "etc/ssl/certs/ca-certificates.crt").read_text().count("BEGIN CERTIFICATE") > 100
    assert "NEEDED" not in run("readelf", "--dynamic", tree / "coswhy")


def test_it_says_how_it_is_run(store):
    image = json.loads(buildah(store, "inspect", "--type", "image", IMAGE))["Docker"]["config"]
    assert image["User"] == "65532:65532"
    assert image["Entrypoint"] == ["/coswhy"]
    assert image["Cmd"] == ["serve"]
    assert set(image["ExposedPorts"]) == {"8080/tcp", "9180/tcp"}
    assert image["Healthcheck"]["Test"] == ["CMD", "/coswhy", "healthcheck"]


def test_docker_can_load_what_is_released(store):
    with tarfile.open(store / f"dist/coswhy-{VERSION}-image.tar") as archive:
        (manifest,) = json.load(archive.extractfile("manifest.json"))
    # What docker shows as coswhy:VERSION.
    assert f"docker.io/library/coswhy:{VERSION}" in manifest["RepoTags"]


def test_the_demo_runs_in_it(store, container):
    shown = buildah(store, "run", "--isolation", "chroot", container, "--", "/coswhy", "demo", "--once")
    assert "X-Cos-Diagnosis: anonymous-access-denied" in shown


def read_only(tree):
    """Starts a program of the image as its user, with a root that cannot be written, and nothing else there."""

    def start(command, **options):
        script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0" && ' \
            'exec chroot --userspec=65532:65532 --groups= . "$@"'
        return subprocess.Popen(["unshare", "-m", "sh", "-c", script, str(tree), *command], **options)

    return start


def test_it_serves_without_rights_and_without_a_root_to_write_to(tree):
    environment = {"SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt", "PATH": os.environ["PATH"]}
    with Running(["/coswhy", "serve"], environment, start=read_only(tree)) as coswhy:
        assert coswhy.status("/healthz", coswhy.admin) == 200
        assert coswhy.status("/key", host="elsewhere.example") == 421
        status = open(f"/proc/{coswhy.process.pid}/status").read()
        assert re.search(r"^Uid:\t65532\t65532\t65532\t65532$", status, re.M), status
        assert re.search(r"^CapEff:\t0+$", status, re.M), status
        healthy = read_only(tree)(["/coswhy", "healthcheck", "--admin", f"127.0.0.1:{coswhy.admin}"])
        assert healthy.wait(20) == 0
    assert "no root certificates" not in coswhy.output
    assert coswhy.process.returncode == 0


def test_every_address_needs_to_know_which_buckets_may_be_asked_for(tree):
    environment = quiet_environment(COSWHY__LISTEN="0.0.0.0:8080")
    stopped = read_only(tree)(["/coswhy", "serve"], env=environment, stderr=subprocess.PIPE, text=True)
    assert "upstream.allowed_buckets" in stopped.communicate(timeout=20)[1]
    assert stopped.returncode == 2
