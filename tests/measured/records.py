"""The records: one JSON file a case, a trace or an experiment, and one on where they were measured.

    environment.json    machine, versions, client, method
    cases/SLUG.json     one case's figures over its runs
    traces/SLUG.json    one of its runs, request by request
    EXPERIMENT.json     crashes, timeouts, backlog, backlog-asgi, respawn, memory, collector, convoy, waits, starts, shares, shares-closed, turns
"""

import importlib.metadata
import json
import os
import platform
import time

from servers import Trouble

PACKAGES = ("gunicorn", "flask", "fastapi", "uvicorn", "uvloop", "httptools", "gevent")
CLIENT = (
    "one single-threaded asyncio process on the same cores, one new connection a request ('Connection: close'); client_cpu_ms is the "
    "CPU time that a request cost it, start-up excluded"
)
METHOD = (
    "All cases in rounds, so that with many cases the runs of one lie minutes apart. A fresh server a run, measured once every worker has answered. Latency from before connect to the last byte of the body; makespan "
    "from the first send to the last answer or failure (open loop: from the start of the schedule). CPU time is a busy loop on the thread's own CPU "
    "clock, spread evenly around the I/O calls; an I/O call is time.sleep or asyncio.sleep, a pool a semaphore per process. Burst: all "
    "connections opened at once. Poisson, and work that differs: the simulator's own draws under the seeds 1, 2, ... Quantiles are nearest rank. server_cpu_s, processes and "
    "pss_mb (2^20 bytes) are medians over the runs and count the server's parent process; other_cpu_s is CPU time that neither server nor "
    "client used meanwhile, the kernel's network work included. Where a worker is killed (machine.crash_at_ms), it is with SIGKILL; "
    "server_cpu_s counts it and who took its place, processes were counted before. Executor cases run without a server: latency from the "
    "first submit to the call's end."
)


def environment():
    """Where and with what this runs."""
    return {
        "machine": f"{len(os.sched_getaffinity(0))} CPUs ({processor()}), loopback; the load generator shares them",
        "kernel": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "versions": {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in PACKAGES},
        "measured_on": time.strftime("%Y-%m-%d", time.gmtime()),
        "client": CLIENT,
        "method": METHOD,
    }


def processor():
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def place(folder, everything):
    """Makes the folder ready: its environment is this one, or everything in it is measured anew."""
    here = environment()
    path = folder / "environment.json"
    if path.exists() and not everything:
        there = json.loads(path.read_text())
        differ = [key for key in ("machine", "kernel", "versions") if there.get(key) != here[key]]
        if differ:
            raise Trouble(
                f"{folder} holds records of another environment ({', '.join(differ)} differ): measure everything anew, "
                "or write elsewhere with --out DIR"
            )
        # The days of the first and the last record that it holds.
        first = there["measured_on"].split(" to ")[0]
        if first != here["measured_on"]:
            here["measured_on"] = f"{first} to {here['measured_on']}"
    write(path, here)


def write(path, record):
    """One key a line: short, and its changes can be read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(record, list):
        text = "[\n" + ",\n".join("  " + json.dumps(row) for row in record) + "\n]\n"
    else:
        text = "{\n" + ",\n".join(f"  {json.dumps(key)}: {lines(value)}" for key, value in record.items()) + "\n}\n"
    scratch = path.with_suffix(".new")
    scratch.write_text(text)
    scratch.replace(path)


def lines(value):
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return "[\n" + ",\n".join("    " + json.dumps(row) for row in value) + "\n  ]"
        # Columns of numbers.
        return json.dumps(value, separators=(",", ":"))
    return json.dumps(value)
