"""Tools that keep what they like in a bucket: used as their users do, by each way in."""

import pytest

from refused import Refused
from roster import WHOLE_TOOLS, every_way
from test_matrix import newest
from world import SUB_ACCOUNT


@pytest.mark.parametrize("sort, way", every_way(WHOLE_TOOLS))
def test_what_goes_in_comes_out(sort, way, world, key, record_property):
    record_property("cell", (sort.name, way, "use"))
    assert sort(world, way, key).use(b"what goes in") == b"what goes in"


@pytest.mark.parametrize("sort, way", every_way(WHOLE_TOOLS))
def test_a_refusal(sort, way, world, key, record_property):
    record_property("cell", (sort.name, way, "refusal"))
    with pytest.raises(Refused):
        sort(world.as_somebody(SUB_ACCOUNT), way, key).read()
    assert newest(world)["cause"] == "permission-denied"
