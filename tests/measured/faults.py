"""What goes wrong, and what it costs: killed workers, timeouts, a full backlog, respawn, memory, garbage, threads that compute.

Each experiment returns what its record holds. Requests that are named one by one are [sent at (ms), io_ms, cpu_ms].
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import cases
import figures
import measure
import processes
import servers


def outcomes(requests):
    """How many requests ended how."""
    return dict(Counter(entry[4] or "answered" for entry in requests))


def crashes(quick):
    """20 requests of 500 ms at once; the worker that has begun most is killed (SIGKILL). What is lost."""
    table = [
        ("sync-8", cases.gunicorn(8), 250),
        ("gthread-1x2", cases.gunicorn(1, 2), 700),
        ("gthread-4x2", cases.gunicorn(4, 2), 250),
        ("gthread-4x2-wc3", cases.gunicorn(4, 2, worker_connections=3), 250),
        ("gevent-1", cases.gunicorn(1, 1, "gevent"), 250),
        ("gevent-2", cases.gunicorn(2, 1, "gevent"), 250),
        ("asgi-1", cases.gunicorn(1, 1, "asgi"), 250),
        ("asgi-2", cases.gunicorn(2, 1, "asgi"), 250),
        ("uvicorn-2", cases.loop(2), 250),
    ]
    runs = 1 if quick else 3
    records = []
    for slug, system, at_ms in table:
        spec = cases.scenario(system, cases.burst(20, 500))
        rows = [crash(spec, at_ms) for _ in range(runs)]
        records.append({"slug": slug, "scenario": spec, "killed_at_ms": at_ms, "runs": rows})
    spec = cases.scenario(cases.executor("process", 4), cases.burst(20, 500))
    rows = [broken_pool(spec, 700) for _ in range(runs)]
    records.append({"slug": "executor-process-4", "scenario": spec, "killed_at_ms": 700, "runs": rows})
    return records


def crash(spec, at_ms):
    with tempfile.NamedTemporaryFile() as starts, servers.Server(spec, starts=starts.name) as server:
        time.sleep(0.2)
        os.truncate(starts.name, 0)
        generator = measure.load_generator({"port": server.port, "workload": spec["workload"]})
        try:
            start = measure.begun(generator)
            measure.until(start, at_ms)
            victim = busiest(server, starts.name)
            os.kill(victim, signal.SIGKILL)
            killed = time.monotonic_ns()
            requests = measure.collect(generator)["requests"]
        finally:
            generator.kill()
        started = begun_by(starts.name)
    answered = [entry for entry in requests if not entry[4]]
    by_victim = sum(entry[3]["pid"] == victim for entry in answered)
    lost = len(requests) - len(answered)
    running = sum(pid == victim and at <= killed for pid, at in started) - by_victim
    return {
        "lost": lost,
        "lost_running": running,
        "lost_queued": lost - running,
        "outstanding": sum(entry[2] > killed or bool(entry[4]) for entry in requests),
        "answered_by_killed": by_victim,
        "outcomes": outcomes(requests),
        "makespan_ms": round((max(entry[2] for entry in requests) - start) / 1e6, 1),
    }


def begun_by(path):
    """Which worker began a handler, and when, for every handler that began."""
    return [tuple(map(int, line.split())) for line in Path(path).read_text().splitlines()]


def busiest(server, path):
    """The worker that has begun most handlers; of several the first."""
    begun = Counter(pid for pid, _ in begun_by(path))
    return max(server.pids, key=lambda pid: begun[pid])


def broken_pool(spec, at_ms):
    """The same for a pool of processes: one of them is killed."""
    script = measure.executor(spec)
    try:
        start = measure.begun(script)
        measure.until(start, at_ms)
        os.kill(processes.descendants(script.pid)[0], signal.SIGKILL)
        calls = measure.collect(script)["calls"]
    finally:
        script.kill()
    done = [call for call in calls if call]
    return {"lost": len(calls) - len(done), "outcomes": {"answered": len(done), "broken pool": len(calls) - len(done)}}


# Those whose worker the timeout ends; when depends on where the arbiter's once-a-second check falls.
KILLED = ("sync-io", "gevent-cpu", "gevent-many", "asgi-cpu", "asgi-many", "asgi-late")


def timeouts(quick):
    """`--timeout 2` against requests that take longer: who is killed, when, and what the clients see."""
    if quick:
        table = [("sync-io", cases.gunicorn(1, timeout_s=2), [[0, 4000, 0], [100, 10, 0]])]
    else:
        table = [
            ("sync-io", cases.gunicorn(1, timeout_s=2), [[0, 5000, 0], [100, 10, 0], [150, 10, 0]]),
            ("gthread-io", cases.gunicorn(1, 2, timeout_s=2), [[0, 4000, 0], [100, 10, 0]]),
            ("gthread-cpu", cases.gunicorn(1, 2, timeout_s=2), [[0, 0, 2500], [0, 0, 2500]]),
            ("gevent-io", cases.gunicorn(1, 1, "gevent", timeout_s=2), [[0, 4000, 0], [100, 10, 0]]),
            ("gevent-cpu", cases.gunicorn(1, 1, "gevent", timeout_s=2), [[0, 4000, 0], [0, 4000, 0], [200, 0, 5000]]),
            ("asgi-io", cases.gunicorn(1, 1, "asgi", timeout_s=2), [[0, 4000, 0], [100, 10, 0]]),
            ("asgi-cpu", cases.gunicorn(1, 1, "asgi", timeout_s=2), [[0, 4000, 0], [0, 4000, 0], [200, 0, 5000]]),
            # Each for less than the limit, one right after the other.
            ("gevent-many", cases.gunicorn(1, 1, "gevent", timeout_s=2), [[0, 0, 500]] * 12),
            ("asgi-many", cases.gunicorn(1, 1, "asgi", timeout_s=2), [[0, 0, 500]] * 12),
            # Blocked until after the first signal, but not until the second.
            ("asgi-late", cases.gunicorn(1, 1, "asgi", timeout_s=2), [[0, 4000, 0], [200, 0, 3000], [250, 0, 400]]),
        ]
    records = []
    for slug, system, named in table:
        spec = cases.scenario(system, cases.burst(len(named), 100))
        rows = []
        for _ in range(1 if quick else 2 if slug in KILLED else 1):
            with servers.Server(spec) as server:
                job = {"port": server.port, "workload": {}, "requests": named}
                sent = measure.sent(job)
                # Who answers now tells whether the worker was ended, even where its requests were not.
                last = servers.fetch(server.port)
                rows.append(
                    {
                        "requests": [
                            {"outcome": entry[4] or "answered", "after_ms": round((entry[2] - entry[0]) / 1e6)}
                            for entry in sent["requests"]
                        ],
                        "worker_replaced": bool(last) and last["pid"] not in server.pids,
                    }
                )
        records.append({"slug": slug, "system": system, "requests": named, "runs": rows})
    return records


def backlog(quick):
    """More connections at once than the backlog holds: who has to send SYN again, and what that costs."""
    table = [
        ("backlog-5-sync-1", cases.gunicorn(1, backlog=5), cases.burst(8 if quick else 30, 300)),
        ("backlog-16-sync-4", cases.gunicorn(4, backlog=16), cases.burst(40 if quick else 80, 100)),
    ]
    records = []
    for slug, system, workload in table[: 1 if quick else None]:
        spec = cases.scenario(system, workload)
        with servers.Server(spec) as server:
            sent = measure.sent({"port": server.port, "workload": workload})
        requests = sorted(sent["requests"], key=lambda entry: entry[2])
        connects = [(entry[1] - entry[0]) / 1e6 for entry in requests if entry[1]]
        records.append(
            {
                "slug": slug,
                "scenario": spec,
                "outcomes": outcomes(requests),
                "makespan_ms": round((requests[-1][2] - sent["start"]) / 1e6, 1),
                "latencies_ms": [round((entry[2] - entry[0]) / 1e6) for entry in requests],
                # A client's handshake ends with the server's answer to its SYN; one that the server then drops for want of room
                # looks connected and is answered late.
                "connects_over_900_ms": sum(ms > 900 for ms in connects),
            }
        )
    return records


def backlog_asgi(quick):
    """Connections that all come while no `asgi` worker runs: how many find the backlog full, and when the last is answered."""
    records = []
    for workers in (1, 4):
        system, workload = cases.gunicorn(workers, 1, "asgi"), cases.burst(200 if quick else 1000, 100)
        spec = cases.scenario(system, workload)
        runs = []
        for _ in range(1 if quick else 7):
            with servers.Server(spec) as server:
                time.sleep(0.3)
                for pid in server.pids:
                    os.kill(pid, signal.SIGSTOP)
                generator = measure.load_generator({"port": server.port, "workload": workload})
                measure.begun(generator)
                time.sleep(0.15)
                for pid in server.pids:
                    os.kill(pid, signal.SIGCONT)
                sent = measure.collect(generator)
            requests = [entry for entry in sent["requests"] if not entry[4]]
            latencies = [(entry[2] - entry[0]) / 1e6 for entry in requests]
            runs.append(
                {
                    "answered": len(requests),
                    "connects_over_900_ms": sum(entry[1] - entry[0] > 900e6 for entry in requests),
                    "p50_ms": round(figures.median(latencies)),
                    "last_ms": round(max(latencies)),
                }
            )
        records.append({"slug": f"backlog-asgi-{workers}", "scenario": spec, "runs": runs})
    return records


def respawn(quick):
    """From the kill of an idle worker to the first answer of the one that takes its place."""
    table = [
        ("sync-1", cases.gunicorn(1)),
        ("gthread-1x2", cases.gunicorn(1, 2)),
        ("gevent-1", cases.gunicorn(1, 1, "gevent")),
        ("asgi-1", cases.gunicorn(1, 1, "asgi")),
        ("uvicorn-2", cases.loop(2)),
    ]
    records = []
    for slug, system in table:
        for preload in (False, True) if system["kind"] == "gunicorn" else (False,):
            spec = cases.scenario(system, cases.burst(1, 0))
            with servers.Server(spec, preload) as server:
                known = set(server.pids)
                times = [replaced(server, known) for _ in range(2 if quick else 3)]
            records.append({"slug": slug, "system": system, "preload": preload, "first_answer_ms": figures.range_of(times)})
    return records


def replaced(server, known):
    time.sleep(0.3)
    victim = min(known)
    os.kill(victim, signal.SIGKILL)
    start = time.monotonic()
    known.discard(victim)
    while time.monotonic() - start < servers.READY_S:
        answer = servers.fetch(server.port)
        if answer and answer["pid"] != victim and answer["pid"] not in known:
            known.add(answer["pid"])
            return (time.monotonic() - start) * 1000
        if known or not answer:
            time.sleep(0.002)
    raise servers.Trouble(f"no worker took the place of the killed one: {server.last_words()}")


def memory(quick):
    """Memory of servers with and without --preload, and of requests in hand."""
    table = [
        ("sync-4", cases.gunicorn(4)),
        ("gthread-4x2", cases.gunicorn(4, 2)),
        ("gevent-4", cases.gunicorn(4, 1, "gevent")),
        ("asgi-4", cases.gunicorn(4, 1, "asgi")),
        ("uvicorn-1", cases.loop(1)),
        ("uvicorn-4", cases.loop(4)),
    ]
    served = cases.burst(24 if quick else 400, 1)
    processes_table = []
    for slug, system in table:
        for preload in (False, True) if system["kind"] == "gunicorn" else (False,):
            spec = cases.scenario(system, served)
            with servers.Server(spec, preload) as server:
                time.sleep(0.3)
                row = {"slug": slug, "system": system, "preload": preload}
                row["idle_mb"] = split(server)
                measure.sent({"port": server.port, "workload": served})
                time.sleep(0.2)
                row["after_mb"] = split(server)
            processes_table.append(row)
    held = []
    for slug, system, count in (
        ("gthread-1x100", cases.gunicorn(1, 100), 100),
        ("gevent-1", cases.gunicorn(1, 1, "gevent"), 500),
        ("asgi-1", cases.gunicorn(1, 1, "asgi"), 500),
        ("uvicorn-1", cases.loop(1), 500),
        ("uvicorn-def-100", cases.loop(handlers="sync", thread_limit=100), 100),
    ):
        workload = cases.burst(20 if quick else count, 2000)
        spec = cases.scenario(system, workload)
        with servers.Server(spec) as server:
            time.sleep(0.3)
            before = processes.memory(server.pids)
            generator = measure.load_generator({"port": server.port, "workload": workload})
            try:
                measure.until(measure.begun(generator), 1500)
                during = processes.memory(server.pids)
                measure.collect(generator)
            finally:
                generator.kill()
        held.append(
            {
                "slug": slug,
                "system": system,
                "requests_in_hand": workload["requests"],
                "idle_uss_mb": before["uss"],
                "held_uss_mb": during["uss"],
                "kb_per_request": round((during["uss"] - before["uss"]) * 1024 / workload["requests"], 1),
            }
        )
    return {"processes": processes_table, "requests_in_hand": held}


def split(server):
    """Memory of the parent, and of a worker on average."""
    rows = [processes.memory([pid]) for pid in server.pids]
    worker = {key: round(sum(row[key] for row in rows) / len(rows), 2) for key in rows[0]}
    others = [pid for pid in server.everyone() if pid not in server.pids]
    return {"worker": worker, "others": processes.memory(others) if others else None}


def collector(quick):
    """Full garbage collections of the processes that hold a burst: how many, when, how long."""
    table = [
        ("uvicorn-1-500", cases.loop(), cases.burst(500, 100)),
        ("uvicorn-1-1000", cases.loop(), cases.burst(1000, 100)),
        ("uvicorn-1-1500", cases.loop(), cases.burst(1500, 100)),
        ("uvicorn-2-1600", cases.loop(2), cases.burst(1600, 100)),
        ("uvicorn-4-1000", cases.loop(4), cases.burst(1000, 100)),
        ("uvicorn-def-1000", cases.loop(handlers="sync"), cases.burst(1000, 100)),
        ("asgi-1-900", cases.gunicorn(1, 1, "asgi"), cases.burst(900, 100)),
        ("gevent-1-1000", cases.gunicorn(1, 1, "gevent"), cases.burst(1000, 100)),
        ("gthread-4x2-400", cases.gunicorn(4, 2), cases.burst(400, 10)),
    ]
    records = []
    for slug, system, workload in table:
        spec = cases.scenario(system, workload)
        if quick:
            spec = measure.shrunk(spec)
        rows = [collected(spec) for _ in range(1 if quick else 3)]
        records.append(
            {
                "slug": slug,
                "scenario": spec,
                "makespan_ms": figures.range_of([row["makespan_ms"] for row in rows]),
                "collections": figures.range_of([len(row["collections"]) for row in rows]),
                # The longest of each run.
                "longest_ms": figures.range_of([max((one["took_ms"] for one in row["collections"]), default=0) for row in rows]),
                "runs": rows,
            }
        )
    return records


def collected(spec):
    with tempfile.NamedTemporaryFile() as notes, servers.Server(spec, collections=notes.name) as server:
        time.sleep(0.3)
        sent = measure.sent({"port": server.port, "workload": spec["workload"]})
        text = Path(notes.name).read_text()
    noted = collections(text, sent["start"])
    makespan = round((max(entry[2] for entry in sent["requests"]) - sent["start"]) / 1e6, 1)
    shares = dict.fromkeys(server.pids, 0) | Counter(entry[3]["pid"] for entry in sent["requests"] if not entry[4])
    return {
        "makespan_ms": makespan,
        "requests_per_worker": sorted(shares.values(), reverse=True),
        "outcomes": outcomes(sent["requests"]),
        "before": [row for row in noted if row["at_ms"] < 0],
        "collections": [row for row in noted if 0 <= row["at_ms"] <= makespan],
    }


def collections(text, start):
    """The full collections that `work` noted, by when they began after `start`; those before it went through imports."""
    rows = []
    for line in text.splitlines():
        _, at, took, objects, *tasks = map(int, line.split())
        row = {"at_ms": round((at - start) / 1e6, 1), "took_ms": round(took / 1e6, 1), "objects": objects}
        rows.append(row | ({"tasks": tasks[0]} if tasks else {}))
    return sorted(rows, key=lambda row: row["at_ms"])


def convoy(quick):
    """Threads that come back from a wait of 20 ms, beside threads that compute: how long they wait for the GIL."""
    seconds, records = (0.5 if quick else 4), []
    for computing, waiting in ((1, 1), (1, 4), (1, 8), (2, 1), (3, 1), (2, 2), (3, 3)):
        options = {"computing": computing, "waiting": waiting, "io_ms": 20, "cpu_ms": 1, "seconds": seconds}
        runs = [late(options) for _ in range(1 if quick else 5)]
        records.append({"slug": f"{computing}-{waiting}", **options, "wait": figures.ranges(runs), "runs": runs})
    return records


def late(options):
    command = [sys.executable, servers.HERE / "threads.py", json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise servers.Trouble(f"threads.py: {done.stderr}")
    times = json.loads(done.stdout)["late_ms"]
    told = figures.latency(times)
    return {"waits": len(times), **{f"{name}_ms": round(told[name], 2) for name in ("mean", "p50", "p95")}}


def waits(quick):
    """Threads that wait and hardly compute: how much later than asked for they go on."""
    seconds, records = (0.2 if quick else 2), []
    for waiting in (1, 20):
        for io_ms in (1, 2, 5, 10, 20, 50, 100):
            options = {"computing": 0, "waiting": waiting, "io_ms": io_ms, "cpu_ms": 0, "seconds": seconds}
            runs = [late(options) for _ in range(1 if quick else 5)]
            records.append({"slug": f"{waiting}-{io_ms}ms", **options, "late": figures.ranges(runs, 2), "runs": runs})
    return records


def starts(quick):
    """Bursts at four loops as soon as one has answered, or when all have: what those that are starting take from the others."""
    spec, records = cases.scenario(cases.loop(4), cases.burst(1000, 100)), []
    if quick:
        spec = measure.shrunk(spec)
    for slug, answering in (("one-answers", 1), ("all-answer", 4)):
        runs = [started(spec, answering) for _ in range(1 if quick else 9)]
        told = [{name: run[name] for name in ("makespan_ms", "mean_ms", "p95_ms")} for run in runs]
        records.append({"slug": slug, "scenario": spec, "answering": answering, "burst": figures.ranges(told), "runs": runs})
    return records


def started(spec, answering):
    # The others are a few milliseconds behind the first.
    with servers.Server(spec, awaited=answering, pause_s=0.005) as server:
        if answering > 1:
            time.sleep(0.3)
        sent = measure.sent({"port": server.port, "workload": spec["workload"]})
    answered = [entry for entry in sent["requests"] if not entry[4]]
    told = figures.latency([(done - at) / 1e6 for at, _, done, *_ in answered])
    return {
        "makespan_ms": round((max(entry[2] for entry in answered) - sent["start"]) / 1e6, 1),
        **{f"{name}_ms": round(told[name], 1) for name in ("mean", "p95")},
        "requests_per_worker": sorted(Counter(entry[3]["pid"] for entry in answered).values(), reverse=True),
        "failed": len(sent["requests"]) - len(answered),
    }


# Each with about how many seconds it takes.
EXPERIMENTS = {
    "waits": (waits, 145),
    "starts": (starts, 45),
    "convoy": (convoy, 145),
    "crashes": (crashes, 75),
    "timeouts": (timeouts, 95),
    "backlog": (backlog, 22),
    "backlog-asgi": (backlog_asgi, 70),
    "respawn": (respawn, 25),
    "memory": (memory, 40),
    "collector": (collector, 50),
}
