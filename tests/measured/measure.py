"""One run of a case, and the record that its runs make."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import figures
import processes
import servers
from servers import Trouble

CORES = len(os.sched_getaffinity(0))
RUNS, RUNS_EARLY, RUNS_MANY = 5, 7, 15


def load_generator(job):
    """Starts the load generator on a job; `begun`, then `collect`, wait for what it has to say."""
    generator = subprocess.Popen(
        [sys.executable, servers.HERE / "load.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=servers.die_with_parent,
    )
    generator.stdin.write(json.dumps(job))
    generator.stdin.close()
    return generator


def executor(scenario):
    """Starts a script that does the scenario's work through an executor; to be waited for in the same way."""
    return subprocess.Popen(
        [sys.executable, servers.HERE / "executors.py"],
        env=servers.environment(scenario),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=servers.die_with_parent,
    )


def begun(generator):
    """Waits until a generator or an executor begins: when that was."""
    return _moment(generator)


def collect(generator):
    """Waits for its end: its report, with what the whole machine had used of its CPUs by its last answer or failure (`busy_s`)."""
    try:
        _moment(generator)
        busy = processes.busy_s()
        text = generator.stdout.read()
        if generator.wait():
            raise Trouble(f"{generator.args[1].name} ended with status {generator.returncode}")
        return {**json.loads(text), "busy_s": busy}
    finally:
        generator.kill()
        generator.stdout.close()


def sent(job):
    """Starts the load generator on a job and waits for its report."""
    generator = load_generator(job)
    begun(generator)
    return collect(generator)


def _moment(generator):
    line = generator.stdout.readline()
    if not line:
        raise Trouble(f"{generator.args[1].name} ended early, with status {generator.wait()}")
    return int(line)


def until(start, at_ms):
    """Waits until so many milliseconds after the start."""
    time.sleep(max(0, start / 1e9 + at_ms / 1000 - time.monotonic()))


def killed_at(scenario):
    """When a worker is killed (ms), or None."""
    return scenario.get("machine", {}).get("crash_at_ms")


def listened(text):
    """Processes in the order in which they began to listen, of those that `work` noted."""
    return list(dict.fromkeys(map(int, text.split())))


def victim(pids, text, worker):
    """The worker with this number, the last where there are fewer: in the order in which they began to listen, if all noted that."""
    order = listened(text)
    pids = order if sorted(order) == sorted(pids) else pids
    return pids[min(worker, len(pids) - 1)]


def through_server(scenario, seed):
    """One run against a fresh server; `machine.crash_at_ms`: and one of its workers is killed then (SIGKILL)."""
    crash_at_ms = killed_at(scenario)
    # To note who listens takes time.
    notes = [] if crash_at_ms is None else ["listens"]
    with tempfile.NamedTemporaryFile("r") as order, servers.Server(scenario, **dict.fromkeys(notes, order.name)) as server:
        time.sleep(0.3)
        everyone = server.everyone()
        idle = processes.memory(everyone)["pss"]
        cpu, used, killed = processes.cpu_s(everyone), 0, set()
        generator = load_generator({"port": server.port, "workload": scenario["workload"], "seed": seed})
        try:
            start, busy = begun(generator), processes.busy_s()
            if crash_at_ms is not None:
                killed = {victim(server.pids, order.read(), scenario["machine"].get("crash_worker", 0))}
                until(start, crash_at_ms)
                used = processes.cpu_s(killed)
                os.kill(*killed, signal.SIGKILL)
            sent = collect(generator)
        finally:
            generator.kill()
        still = server.everyone()
        cpu = used + processes.cpu_s({*everyone, *still} - killed) - cpu
        busy = sent["busy_s"] - busy
        after = processes.memory(still)["pss"]
    requests = sent["requests"]
    answered = [entry for entry in requests if not entry[4]]
    if not answered:
        raise Trouble(f"no request was answered: {requests[0][4]}")
    per_worker = dict.fromkeys(server.pids, 0)
    for *_, answer, _ in answered:
        per_worker[answer["pid"]] = per_worker.get(answer["pid"], 0) + 1
    return {
        "start": start,
        "pids": server.pids,
        # A request that failed is over when its client knows.
        "makespan_ms": (max(done for _, _, done, *_ in requests) - start) / 1e6,
        "latency_ms": figures.latency([(done - at) / 1e6 for at, _, done, *_ in answered]),
        "requests_per_worker": sorted(per_worker.values(), reverse=True),
        "failed": len(requests) - len(answered),
        "server_cpu_s": cpu,
        "client_cpu_ms": sent["cpu_s"] * 1000 / len(requests),
        "other_cpu_s": max(0, busy - cpu - sent["cpu_s"]),
        "processes": len(everyone),
        "pss_mb": {"idle": idle, "after": after},
        "requests": [(at, done, a["pid"], a["tid"], a["start"], a["end"]) for at, _, done, a, _ in answered],
    }


def through_executor(scenario, _seed):
    """One run of an executor, in an interpreter of its own."""
    if "machine" in scenario:
        raise Trouble("machine: the bench kills no process of an executor's in a case; `crashes` does")
    if scenario["workload"].get("spread", "constant") != "constant":
        raise Trouble("workload.spread: the bench gives an executor's calls the same work")
    script = executor(scenario)
    try:
        start, busy = begun(script), processes.busy_s()
        report = collect(script)
    finally:
        script.kill()
    busy = report["busy_s"] - busy
    calls = report["calls"]
    return {
        "start": start,
        "pids": None,
        "makespan_ms": (max(call["end"] for call in calls) - start) / 1e6,
        "latency_ms": figures.latency([(call["end"] - start) / 1e6 for call in calls]),
        "failed": 0,
        "server_cpu_s": report["cpu_s"],
        "other_cpu_s": max(0, busy - report["cpu_s"]),
        "processes": report["processes"],
        "pss_mb": report["pss_mb"],
        "requests": [(start, call["end"], call["pid"], call["tid"], call["start"], call["end"]) for call in calls],
    }


def slots(system):
    """How `figures.lanes` tells this system's lanes apart."""
    if system["kind"] == "executor":
        return None
    if servers.cooperative(system):
        return 0
    if system["kind"] == "event_loop":
        return None
    return system["threads"] if system.get("async_views") else None


def name(scenario):
    """The scenario in short."""
    system, workload = scenario["system"], scenario["workload"]
    if system["kind"] == "gunicorn":
        words = [servers.worker_class(system), f"{system['workers']}x{system['threads']}"]
        words += ["async views"] * bool(system.get("async_views"))
        words += [f"wc{system['worker_connections']}"] if "worker_connections" in system else []
    elif system["kind"] == "event_loop":
        words = ["uvicorn", str(system["loops"])]
        words += ["def"] * (system.get("handlers") == "sync")
        words += [f"limit{system['thread_limit']}"] if "thread_limit" in system else []
    else:
        words = ["executor", system["pool"], str(system["max_workers"])]
    words += [f"{short}{workload[field]:g}" for field, short in (("io_ms", "io"), ("cpu_ms", "cpu")) if workload[field]]
    words += [f"calls{workload['io_calls']}"] if "io_calls" in workload else []
    words += [f"pool{workload['pool_size']}"] if "pool_size" in workload else []
    words += [workload["spread"]] if "spread" in workload else []
    words += [f"heavy{workload['heavy_every']}"] if "heavy_every" in workload else []
    arrivals = workload["arrivals"]
    words += {
        "burst": [],
        "poisson": [f"poisson{arrivals.get('rate_per_s', 0):g}"],
        "paced": [f"paced{arrivals.get('rate_per_s', 0):g}"],
        "closed": [f"closed{arrivals.get('clients')}"],
    }[arrivals["kind"]]
    crash_at_ms = killed_at(scenario)
    words += [] if crash_at_ms is None else [f"killed{crash_at_ms:g}"]
    return " ".join([*words, f"n{workload['requests']}"])


def runs_of(case, quick):
    """How often a case is run: more often where chance decides who gets a connection, and more yet where it decides when it
    comes as well, or where loops are so soon done with a burst that how fast the machine is just then decides."""
    if quick:
        return 1
    workload = case.scenario["workload"]
    kind = workload["arrivals"]["kind"]
    if kind == "burst" and workload["cpu_ms"] == 0 and servers.cooperative(case.scenario["system"]):
        return RUNS_MANY
    if not servers.early_binding(case.scenario):
        return RUNS
    return RUNS_MANY if kind == "poisson" else RUNS_EARLY


def shrunk(scenario):
    """The scenario with a few requests only, to try the bench itself."""
    workload = dict(scenario["workload"])
    workload["requests"] = min(workload["requests"], 24)
    # While some of those are under way.
    machine = {"machine": scenario["machine"] | {"crash_at_ms": 600}} if "machine" in scenario else {}
    return {**scenario, "workload": workload, **machine}


def scenario_of(case, quick):
    """What is run of a case."""
    return shrunk(case.scenario) if quick else case.scenario


def run(case, quick, seed):
    """One run of a case."""
    scenario = scenario_of(case, quick)
    one = through_executor if scenario["system"]["kind"] == "executor" else through_server
    return one(scenario, seed)


def recorded(case, quick, runs):
    """The record of a case's runs, and the trace of the middle one if it keeps one."""
    scenario = scenario_of(case, quick)
    middle = figures.median([run["makespan_ms"] for run in runs])
    middle = next(run for run in runs if run["makespan_ms"] == middle)
    machine = scenario.get("machine", {}) | {"cores": CORES}
    served = "client_cpu_ms" in runs[0]
    if served:
        client = figures.range_of([run["client_cpu_ms"] for run in runs], 3)
        machine["client_cpu_ms"] = round(client["median"], 2)
    record = {
        "slug": case.slug,
        "name": name(scenario),
        "calibration": case.calibration,
        "scenario": {**scenario, "machine": machine},
        "early_binding": servers.early_binding(scenario),
        "makespan_ms": figures.range_of([run["makespan_ms"] for run in runs]),
        "latency_ms": figures.ranges([run["latency_ms"] for run in runs]),
        **({"requests_per_worker": [run["requests_per_worker"] for run in runs]} if served else {}),
        "failed": sum(run["failed"] for run in runs),
        "server_cpu_s": round(figures.median([run["server_cpu_s"] for run in runs]), 3),
        **({"client_cpu_ms": client} if served else {}),
        "other_cpu_s": round(figures.median([run["other_cpu_s"] for run in runs]), 2),
        "processes": middle["processes"],
        "pss_mb": {key: round(figures.median([run["pss_mb"][key] for run in runs]), 1) for key in ("idle", "after")},
        "runs": len(runs),
    }
    trace = None
    if case.trace:
        trace = {"slug": case.slug, "makespan_ms": round(middle["makespan_ms"], 1)}
        trace |= figures.trace(middle["start"], middle["requests"], slots(scenario["system"]), middle["pids"])
    return record, trace


def ideal_s(scenario):
    """About how long a run takes: what its slots, cores and arrivals allow, and a little more."""
    system, workload = scenario["system"], scenario["workload"]
    arrivals, count = workload["arrivals"], workload["requests"]
    io, cpu = workload["io_ms"] / 1000, workload["cpu_ms"] / 1000
    slots = count
    if system["kind"] == "executor":
        slots = system["max_workers"]
    elif system["kind"] == "gunicorn" and servers.worker_class(system) in ("sync", "gthread"):
        slots = system["workers"] * system["threads"]
    elif system.get("handlers") == "sync":
        slots = system.get("thread_limit", 40)
    if "pool_size" in workload:
        slots = min(slots, workload["pool_size"] * servers.workers(system))
    bounds = [count / slots * (io + cpu), count * (cpu + 0.0008) / min(CORES, servers.workers(system)), io]
    if "rate_per_s" in arrivals:
        bounds.append(count / arrivals["rate_per_s"])
    if arrivals["kind"] == "closed":
        bounds.append(count / arrivals["clients"] * (io + cpu + arrivals["think_ms"] / 1000))
    return max(bounds) * (1.25 if servers.early_binding(scenario) and "rate_per_s" not in arrivals else 1.04)
