"""The units, by systemd's own checks."""

import re
import subprocess

from conftest import ROOT, needs, run

SERVICE = ROOT / "deploy/systemd/coswhy.service"
UNITS = sorted(SERVICE.parent.glob("coswhy.*"))
pytestmark = needs("systemd-analyze")


def test_the_units_are_right(tmp_path, coswhy):
    # systemd looks for the program in its fixed places, and finds none here: its own check of that is left out.
    units = []
    for unit in UNITS:
        text = re.sub(r"^(Exec\w+=[-+!@]*)coswhy ", rf"\g<1>{coswhy} ", unit.read_text(), flags=re.M)
        units.append(tmp_path / unit.name)
        units[-1].write_text(text)
    checked = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    said = [line for line in checked.stderr.splitlines() if "coswhy" in line]
    assert checked.returncode == 0 and not said, checked.stderr


def test_little_is_exposed():
    rated = run("systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", SERVICE)
    exposure = float(re.search(r"Overall exposure level for coswhy.service: ([\d.]+)", rated)[1])
    print(f"| exposure of coswhy.service: {exposure}")
    assert exposure <= 1.5
