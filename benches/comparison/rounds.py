"""Which measurement follows which: the contenders take turns inside every round, and who begins alternates."""

import os
import sys
from collections import defaultdict
from statistics import median

from . import load


def in_turn(options, contenders, measure):
    """Runs `measure(name, proxy)` for every contender in every round; medians of what it returned, by name."""
    figures = {name: defaultdict(list) for name in contenders}
    for number in range(options.rounds):
        order = list(contenders) if number % 2 == 0 else list(reversed(contenders))
        for name in order:
            with contenders[name]() as proxy:
                for figure, value in measure(proxy).items():
                    figures[name][figure].append(value)
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
    return {name: {figure: median(values) for figure, values in rows.items()} for name, rows in figures.items()}


def one_thread(peer, options):
    def measure(proxy):
        load.wrk(proxy, "/small", 1, 200)  # warm
        small = load.wrk(proxy, "/small", options.seconds, 200)
        denied = load.wrk(proxy, "/denied", options.seconds, 403)
        get = load.get_large(proxy, options.seconds / 2)
        put = load.put_large(proxy, options.seconds / 2, os.path.join(scratch(proxy), "objects/large"))
        loaded = proxy.resident()
        with load.idle_connections(proxy, options.idle):
            idle = proxy.resident()
        return {"small cpu": small["cpu"], "small requests/s": small["requests/s"], "small p99": small["p99"],
                "denied cpu": denied["cpu"], "denied requests/s": denied["requests/s"], "get": get, "put": put,
                "loaded": loaded, "idle": idle}

    contenders = {name: (lambda name=name: peer(name, 1)) for name in ("nginx", "coswhy")}
    return in_turn(options, contenders, measure)


def every_core(peer, options):
    def measure(proxy):
        load.wrk(proxy, "/small", 1, 200, threads=2, connections=64)
        return load.wrk(proxy, "/small", options.seconds, 200, threads=2, connections=64)

    contenders = {f"{name} {label}": (lambda name=name, threads=threads: peer(name, threads))
                  for name in ("nginx", "coswhy") for label, threads in (("one", 1), ("all", None))}
    return in_turn(options, contenders, measure)


def scratch(proxy):
    return os.path.dirname(proxy.output)
