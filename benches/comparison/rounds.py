"""Which measurement follows which.

All contenders of a table run at once, idle but for the one that is under load. Each load goes to one after the other
before the next load begins, and who comes first alternates: what is compared was measured seconds apart, so a noisy
neighbour hits both or is seen as a wide spread.
"""

import os
import sys
from collections import defaultdict
from contextlib import ExitStack
from statistics import median

from . import load, signing, tls


class Figures:
    """What every contender measured, a value a round."""

    def __init__(self):
        self.values = defaultdict(lambda: defaultdict(list))

    def add(self, name, figures):
        for figure, value in figures.items():
            self.values[name][figure].append(value)

    def of(self, name, figure):
        return median(self.values[name][figure])

    def ratio(self, name, base, figure):
        """The median of the rounds' own ratios: more than the ratio of medians, it forgives a noisy round."""
        return median(self._ratios(name, base, figure))

    def spread(self, name, base, figure):
        ratios = self._ratios(name, base, figure)
        return min(ratios), max(ratios)

    def _ratios(self, name, base, figure):
        pairs = zip(self.values[name][figure], self.values[base][figure])
        return [ours / theirs for ours, theirs in pairs if theirs] or [float("nan")]


def in_turn(options, contenders, measures):
    """`contenders`: name to what starts it; `measures`: functions of a running proxy to named figures."""
    figures = Figures()
    for number in range(options.rounds):
        order = list(contenders) if number % 2 == 0 else list(reversed(contenders))
        with ExitStack() as stack:
            running = {name: stack.enter_context(contenders[name]()) for name in order}
            for measure in measures:
                for name in order:
                    figures.add(name, measure(running[name]))
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
    return figures


def one_thread(peer, options):
    def small(proxy):
        run = load.wrk(proxy, "/small", options.seconds, 200)
        return {"small cpu": run["cpu"], "small requests/s": run["requests/s"], "small p99": run["p99"]}

    def denied(proxy):
        run = load.wrk(proxy, "/denied", options.seconds, 403)
        return {"denied cpu": run["cpu"], "denied requests/s": run["requests/s"]}

    def idle(proxy):
        with load.idle_connections(proxy, options.idle):
            return {"idle": proxy.resident()}

    measures = [
        lambda proxy: load.wrk(proxy, "/small", 1, 200) and {},  # warm
        small, denied,
        lambda proxy: {"get": load.get_large(proxy, options.seconds / 2)},
        lambda proxy: {"put": load.put_large(proxy, options.seconds / 2, source(proxy))},
        lambda proxy: {"loaded": proxy.resident()},
        idle,
    ]
    contenders = {name: (lambda name=name: peer(name, 1)) for name in ("nginx", "coswhy")}
    return in_turn(options, contenders, measures)


def every_core(peer, options):
    def small(proxy, seconds=options.seconds):
        return load.wrk(proxy, "/small", seconds, 200, threads=2, connections=64)

    contenders = {f"{name} {label}": (lambda name=name, threads=threads: peer(name, threads))
                  for name in ("nginx", "coswhy") for label, threads in (("one", 1), ("all", None))}
    return in_turn(options, contenders, [lambda proxy: small(proxy, 1) and {}, small])


def signed_anew(peer, options):
    """One coswhy that holds the key; each kind of request in turn."""
    def measure(asked, title):
        def run(proxy):
            ask = asked(proxy)
            shown = load.fetch(proxy, ask.target, {**ask.fields, "X-Show": "1"})[1].decode()
            if shown != f"{load.HOST} {ask.wanted}":
                raise RuntimeError(f"{title}: COS would see {shown}, not {load.HOST} {ask.wanted}")
            run = load.wrk(proxy, ask.target, options.seconds, 200, fields=ask.fields)
            return {f"{title} cpu": run["cpu"], f"{title} requests/s": run["requests/s"]}
        return run

    measures = [lambda proxy: load.wrk(proxy, "/small", 1, 200) and {}]
    for title, signer in (("q-sign", signing.QSign()), ("SigV4", signing.SigV4())):
        for number, kind in enumerate(("plain", "anew")):
            measures.append(measure(
                lambda proxy, signer=signer, number=number: signing.asks(signer, proxy.port)[number],
                f"{title} {kind}"))
    return in_turn(options, {"coswhy": peer}, measures)


def https(peer, options):
    """TLS in front, both with one certificate; full and resumed handshakes."""
    def named(title, figures):
        return {f"{title} {figure}": value for figure, value in figures.items() if figure != "cipher"}

    ciphers = {}

    def large(version):
        def run(proxy):
            figures = tls.large(proxy, options.seconds / 2, version)
            ciphers[f"{proxy.command[0]} h{version}"] = figures["cipher"]
            if len(set(ciphers.values())) > 1:
                raise RuntimeError(f"not the same cipher: {ciphers}")
            return named(f"large h{version}", figures)
        return run

    def small(proxy):
        run = load.wrk(proxy, "/small", options.seconds, 200)
        return named("small h1", {"requests/s": run["requests/s"], "cpu": run["cpu"]})

    measures = [
        lambda proxy: load.wrk(proxy, "/small", 1, 200) and {},
        small,
        lambda proxy: named("small h2", tls.many_h2(proxy, options.seconds)),
        lambda proxy: named("full", tls.handshakes(proxy, options.seconds, resumed=False)),
        lambda proxy: named("resumed", tls.handshakes(proxy, options.seconds, resumed=True)),
        large(1), large(2),
    ]
    return in_turn(options, {name: (lambda name=name: peer(name, 1)) for name in ("nginx", "coswhy")}, measures)


def source(proxy):
    return os.path.join(os.path.dirname(proxy.output), "objects/large")
