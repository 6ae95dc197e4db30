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
OPEN = ((240, 20, 60), (480, 60, 60), (600, 150, 30))
# Workers of two threads, requests, clients, and for how long each request waits (ms).
CLOSED = ((3, 400, 12, 100), (4, 500, 16, 100), (4, 400, 20, 5), (6, 400, 24, 50))
# Workers of two threads, at most ten, requests, how many a second, and for how long each waits (ms).
TURNS = ((4, 800, 60, 100), (8, 800, 90, 100), (10, 900, 120, 100))


def shares(quick):
    """Connections that each of several gthread workers accepts in an open loop, the one that is woken first at the head."""
    loads = ((cases.gunicorn(workers, 4), cases.poisson(*load)) for workers, load in itertools.product(WORKERS, OPEN))
    return raced(loads, 2, quick, "accepted", accepted)


def closed(quick):
    """The same in a closed loop, where a connection follows an answer: of those after the first answer."""
    loads = ((cases.gunicorn(workers, 2), cases.closed(*load)) for workers, *load in CLOSED)
    return raced(loads, 6, quick, "accepted", accepted)


def turns(quick):
    """Who accepts each connection of an open loop, one after the other: a digit is a place in the order of waking."""
    loads = ((cases.gunicorn(workers, 2), cases.poisson(*load)) for workers, *load in TURNS)
    return raced(loads, 3, quick, "order", lambda spec, seed: sequence(*driven(spec, seed)))


def sequence(answered, order):
    """By arrival, the place of who accepted each of these, as a digit."""
    return "".join(str(order.index(entry[3]["pid"])) for entry in sorted(answered, key=lambda entry: entry[0]))


def raced(loads, runs, quick, name, of):
    """For each load its scenario and, by this name, what `of` makes of each run."""
    rows = []
    for system, workload in loads:
        spec = cases.scenario(system, workload)
        spec["machine"] = {"cores": measure.CORES}
        if quick:
            spec, runs = measure.shrunk(spec), 1
        rows.append({"scenario": spec, name: [of(spec, seed) for seed in range(1, runs + 1)]})
    return rows


def driven(spec, seed):
    """What a server answered, and its workers in the order in which a connection wakes them."""
    with tempfile.NamedTemporaryFile() as notes, servers.Server(spec, listens=notes.name) as server:
        time.sleep(0.3)
        sent = measure.sent({"port": server.port, "workload": spec["workload"], "seed": seed})
        order = woken(Path(notes.name).read_text())
    return [entry for entry in sent["requests"] if not entry[4]], order


def accepted(spec, seed):
    answered, order = driven(spec, seed)
    if spec["workload"]["arrivals"]["kind"] == "closed":
        first = min((entry[2] for entry in answered), default=0)
        answered = [entry for entry in answered if entry[0] > first]
    answers = Counter(entry[3]["pid"] for entry in answered)
    return [answers[pid] for pid in order]


def woken(text):
    """Processes in the order in which a connection wakes them, of those that `work` noted as they began to listen."""
    return measure.listened(text)[::-1]


# With about how many seconds it takes.
EXPERIMENTS = {"shares": (shares, 390), "shares-closed": (closed, 140), "turns": (turns, 110)}
