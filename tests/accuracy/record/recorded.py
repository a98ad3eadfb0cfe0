"""Every recorded case: which client does what, where, and what COS says to it."""

from dataclasses import dataclass, field
from typing import Callable

import browsing
import tools
import vendor


@dataclass
class Case:
    file: str
    kind: str
    made: str
    causes: list
    run: Callable
    among: list = field(default_factory=list)
    where: Callable = lambda here: here
    # A Refusal or a Page in place of the simulator's answer.
    answer: object = None
    # Seconds by which the simulator's clock is ahead of the client's.
    clock: int = 0


CASES = [Case(**row) for rows in (vendor.ROWS, tools.ROWS, browsing.ROWS) for row in rows]
