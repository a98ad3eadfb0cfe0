"""The exchanges and refusals of tests/clients, against the real thing."""

from test_exchanges import *  # noqa: F401, F403
from test_refusals_of_keys import *  # noqa: F401, F403
