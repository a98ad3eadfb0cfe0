"""The compose project, held against the Compose Specification's schema; its files and settings are right."""

import sys

import yaml

from conftest import ROOT, quiet_environment, run

FOLDER = ROOT / "deploy/compose"
PROJECT = yaml.safe_load((FOLDER / "compose.yaml").read_text())


def test_the_specification_accepts_it():
    run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", FOLDER / "compose.yaml")


def test_every_file_it_mounts_is_there():
    for name, service in PROJECT["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (FOLDER / source).exists(), f"{name}: {source}"
            else:
                assert source in PROJECT["volumes"], f"{name}: {source}"


def test_only_this_machine_reaches_it():
    for service in PROJECT["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_settings_are_right(coswhy):
    settings = {
        name: value.replace("${COSWHY_ADMIN_TOKEN:?a token for the admin listener}", "a-token-of-the-operator")
        for name, value in PROJECT["services"]["coswhy"]["environment"].items()
    }
    checked = run(coswhy, "config", "check", env=quiet_environment(COSWHY__LISTEN="0.0.0.0:8080", **settings))
    assert "warning" not in checked


def test_the_collectors_pipelines_are_made_of_what_it_has():
    collector = yaml.safe_load((FOLDER / "collector.yaml").read_text())
    for pipeline in collector["service"]["pipelines"].values():
        for part, names in pipeline.items():
            assert set(names) <= set(collector[part]), part
