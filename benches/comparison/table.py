"""The tables, as Markdown, each figure beside its target."""

from statistics import median


def one_thread(figures, name="coswhy"):
    # (what, figure, format, target of the ratio coswhy / nginx): at most for "<=", at least for ">=".
    rows = [
        ("CPU s per 100k 1 KiB GETs", "small cpu", "{:.2f}", ("<=", 1.15)),
        ("CPU s per 100k 403s, diagnosed by coswhy", "denied cpu", "{:.2f}", ("<=", 1.5)),
        ("1 KiB GETs a second", "small requests/s", "{:,.0f}", (">=", 0.9)),
        ("p99 of 1 KiB GETs, ms", "small p99", "{:.2f}", ("<=", 1.3)),
        ("403s a second", "denied requests/s", "{:,.0f}", None),
        ("64 MiB GET, MiB/s", "get", "{:,.0f}", (">=", 1.3)),
        ("64 MiB PUT, MiB/s", "put", "{:,.0f}", (">=", 0.95)),
        ("resident MiB after the load", "loaded", "{:.1f}", None),
        ("resident MiB with idle connections", "idle", "{:.1f}", None),
    ]
    lines = [f"| one thread, one worker | nginx | {name} | ratio | lowest to highest | target | |",
             "| --- | ---: | ---: | ---: | ---: | --- | --- |"]
    for title, figure, form, target in rows:
        ratio = figures.ratio("coswhy", "nginx", figure)
        verdict = ("", "") if target is None else wanted(ratio, *target)
        if figure == "loaded":
            verdict = ("≤ 40 MiB", "met" if figures.of("coswhy", figure) <= 40 else "missed")
        lines.append(row(title, form.format(figures.of("nginx", figure)), form.format(figures.of("coswhy", figure)),
                         f"{ratio:.2f}", "{:.2f} to {:.2f}".format(*figures.spread("coswhy", "nginx", figure)),
                         *verdict))
    return "\n".join(lines) + "\n"


def every_core(figures):
    lines = ["| 1 KiB GETs | requests/s | CPU s per 100k | p99 ms |", "| --- | ---: | ---: | ---: |"]
    for key, title in (("nginx one", "nginx, one worker"), ("nginx all", "nginx, a worker a core"),
                       ("coswhy one", "coswhy, one thread"), ("coswhy all", "coswhy, a thread a core")):
        lines.append(row(title, f"{figures.of(key, 'requests/s'):,.0f}", f"{figures.of(key, 'cpu'):.2f}",
                         f"{figures.of(key, 'p99'):.2f}"))
    lines += ["", "| coswhy, a thread a core against one | ratio | lowest to highest | target | |",
              "| --- | ---: | ---: | --- | --- |"]
    for title, figure, target in (("requests/s", "requests/s", (">=", 1.0)), ("CPU per request", "cpu", ("<=", 1.15))):
        ratio = figures.ratio("coswhy all", "coswhy one", figure)
        spread = "{:.2f} to {:.2f}".format(*figures.spread("coswhy all", "coswhy one", figure))
        lines.append(row(title, f"{ratio:.2f}", spread, *wanted(ratio, *target)))
    return "\n".join(lines) + "\n"


def signed_anew(figures):
    lines = ["| 1 KiB GETs, one thread | as it came | signed anew | ratio | lowest to highest | target | |",
             "| --- | ---: | ---: | ---: | --- | --- | --- |"]
    for scheme in ("q-sign", "SigV4"):
        for what, figure, form, target in (("CPU s per 100k", "cpu", "{:.2f}", ("<=", 1.25)),
                                           ("requests/s", "requests/s", "{:,.0f}", None)):
            plain, anew = (figures.values["coswhy"][f"{scheme} {kind} {figure}"] for kind in ("plain", "anew"))
            ratios = [a / p for a, p in zip(anew, plain)]
            lines.append(row(f"{scheme}, {what}", form.format(median(plain)), form.format(median(anew)),
                             f"{median(ratios):.2f}", f"{min(ratios):.2f} to {max(ratios):.2f}",
                             *(wanted(median(ratios), *target) if target else ("", ""))))
    return "\n".join(lines) + "\n"


def https(figures, name="coswhy"):
    rows = [
        ("1 KiB GETs a second, HTTP/1.1", "small h1 requests/s", "{:,.0f}", (">=", 0.9)),
        ("CPU s per 100k of them", "small h1 cpu", "{:.2f}", None),
        ("1 KiB GETs a second, HTTP/2", "small h2 requests/s", "{:,.0f}", (">=", 0.9)),
        ("CPU s per 100k of them", "small h2 cpu", "{:.2f}", None),
        ("full handshakes a second", "full a second", "{:,.0f}", (">=", 0.9)),
        ("CPU s per 10k of them", "full cpu", "{:.2f}", None),
        ("resumed handshakes a second", "resumed a second", "{:,.0f}", (">=", 0.9)),
        ("CPU s per 10k of them", "resumed cpu", "{:.2f}", None),
        ("64 MiB GET over HTTP/1.1, MiB/s", "large h1 MiB/s", "{:,.0f}", (">=", 1.0)),
        ("CPU s per GiB of it", "large h1 cpu", "{:.2f}", None),
        ("64 MiB GET over HTTP/2, MiB/s", "large h2 MiB/s", "{:,.0f}", (">=", 1.0)),
        ("CPU s per GiB of it", "large h2 cpu", "{:.2f}", None),
    ]
    lines = [f"| TLS 1.3 in front, ECDSA P-256, one thread, one worker | nginx | {name} | ratio | lowest to highest | target | |",
             "| --- | ---: | ---: | ---: | ---: | --- | --- |"]
    for title, figure, form, target in rows:
        ratio = figures.ratio("coswhy", "nginx", figure)
        lines.append(row(title, form.format(figures.of("nginx", figure)), form.format(figures.of("coswhy", figure)),
                         f"{ratio:.2f}", "{:.2f} to {:.2f}".format(*figures.spread("coswhy", "nginx", figure)),
                         *(wanted(ratio, *target) if target else ("", ""))))
    return "\n".join(lines) + "\n"


def wanted(ratio, sense, bound):
    met = ratio <= bound if sense == "<=" else ratio >= bound
    return f"{'≤' if sense == '<=' else '≥'} {bound}", "met" if met else "missed"


def row(*cells):
    return "| " + " | ".join(cells) + " |"
