"""The manifests: built by kubectl's kustomize, held against the published schemas, their settings checked by coswhy."""

import shutil
import tomllib

import kubernetes_validate
import pytest
import yaml

from conftest import ROOT, quiet_environment, run

KUBERNETES = ROOT / "deploy/kubernetes"
VERSIONS = ["1.30", "1.33", "1.35", "1.37"]


def kubectl():
    own = ROOT / "tests/deploy/kubectl/kubectl"
    found = own if own.exists() else shutil.which("kubectl")
    return found or pytest.skip("no kubectl: tests/run setup")


@pytest.fixture(scope="module", params=["base", "daemonset", "sidecar-example"])
def built(request):
    return request.param, list(yaml.safe_load_all(run(kubectl(), "kustomize", KUBERNETES / request.param)))


def kinds(objects):
    return sorted(thing["kind"] for thing in objects)


def pod(objects):
    return next(thing for thing in objects if thing["kind"] in ("Deployment", "DaemonSet"))["spec"]["template"]["spec"]


def coswhy_container(objects):
    spec = pod(objects)
    return next(c for c in spec.get("initContainers", []) + spec["containers"] if c["name"] == "coswhy")


def test_the_published_schemas_accept_it(built):
    for version in VERSIONS:
        for thing in built[1]:
            kubernetes_validate.validate(thing, version, strict=True)


def test_everything_is_there(built):
    name, objects = built
    assert kinds(objects) == {
        "base": ["ConfigMap", "Deployment", "HorizontalPodAutoscaler", "NetworkPolicy", "PodDisruptionBudget",
                 "Service", "ServiceAccount"],
        "daemonset": ["ConfigMap", "DaemonSet", "NetworkPolicy", "Service", "ServiceAccount"],
        "sidecar-example": ["ConfigMap", "Deployment"],
    }[name]


def test_coswhy_has_no_rights(built):
    spec, container = pod(built[1]), coswhy_container(built[1])
    security = spec.get("securityContext", {}) | container["securityContext"]
    assert security["runAsNonRoot"] and security["readOnlyRootFilesystem"]
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["enableServiceLinks"] is False
    if built[0] != "sidecar-example":
        assert spec["automountServiceAccountToken"] is False


def test_names_that_refer_to_others_lead_somewhere(built):
    name, objects = built
    maps = {thing["metadata"]["name"] for thing in objects if thing["kind"] == "ConfigMap"}
    assert {volume["configMap"]["name"] for volume in pod(objects)["volumes"]} == maps
    ports = {port["name"] for port in coswhy_container(objects).get("ports", [])}
    for thing in objects:
        if thing["kind"] == "Service":
            assert {port["targetPort"] for port in thing["spec"]["ports"]} == ports
        if thing["kind"] == "NetworkPolicy":
            assert {port["port"] for rule in thing["spec"]["ingress"] for port in rule["ports"]} == ports
        if thing["kind"] in ("Service", "NetworkPolicy", "PodDisruptionBudget"):
            selector = thing["spec"].get("podSelector", thing["spec"].get("selector"))
            assert selector.get("matchLabels", selector) == {"app.kubernetes.io/name": "coswhy"}


def test_the_settings_are_right(built, coswhy, tmp_path):
    (settings,) = [thing["data"]["coswhy.toml"] for thing in built[1] if thing["kind"] == "ConfigMap"]
    file = tmp_path / "coswhy.toml"
    file.write_text(settings)
    secrets = {
        variable["name"]: "a-token-out-of-a-secret" for variable in coswhy_container(built[1]).get("env", [])
    }
    run(coswhy, "config", "check", file, env=quiet_environment(**secrets))


def test_a_pod_may_drain_before_it_is_killed(built):
    if built[0] == "sidecar-example":
        return
    (settings,) = [thing["data"]["coswhy.toml"] for thing in built[1] if thing["kind"] == "ConfigMap"]
    listener = tomllib.loads(settings)["listener"]
    takes = sum(int(listener[name].removesuffix("s")) for name in ("drain_delay", "drain_timeout"))
    assert pod(built[1])["terminationGracePeriodSeconds"] > takes
