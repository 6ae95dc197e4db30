"""Who gets the connections: the shares of gthread workers, in the order in which a connection wakes them."""

import itertools
import tempfile
import time
from collections import Counter
from pathlib import Path

import cases
import measure
import servers

WORKERS = (2, 3, 4, 5, 6, 8, 10)
# Requests, how many a second, and for how long each waits (ms).
ARRIVALS = ((240, 20, 60), (480, 60, 60), (600, 150, 30))


def shares(quick):
    """Connections that each of several gthread workers accepts in an open loop, the one that is woken first at the head."""
    rows = []
    for workers, (requests, rate, io_ms) in itertools.product(WORKERS, ARRIVALS):
        spec = cases.scenario(cases.gunicorn(workers, 4), cases.poisson(requests, rate, io_ms))
        spec["machine"] = {"cores": measure.CORES}
        if quick:
            spec = measure.shrunk(spec)
        rows.append({"scenario": spec, "accepted": [accepted(spec, seed) for seed in range(1, 2 if quick else 3)]})
    return rows


def accepted(spec, seed):
    with tempfile.NamedTemporaryFile() as notes, servers.Server(spec, listens=notes.name) as server:
        time.sleep(0.3)
        sent = measure.sent({"port": server.port, "workload": spec["workload"], "seed": seed})
        order = woken(Path(notes.name).read_text())
    answers = Counter(entry[3]["pid"] for entry in sent["requests"] if not entry[4])
    return [answers[pid] for pid in order]


def woken(text):
    """Processes in the order in which a connection wakes them, of those that `work` noted as they began to listen."""
    return list(reversed(dict.fromkeys(map(int, text.split()))))


# With about how many seconds it takes.
EXPERIMENTS = {"shares": (shares, 390)}
