"""A script that fans its work out through `concurrent.futures`, without a server.

Reads nothing; the scenario is in the environment. Writes the moment of the first submit (CLOCK_MONOTONIC, ns) as one line and
that of the last result as another; then JSON: for every call when it began and ended, in which process and thread. CPU and
memory are those of the script and its processes.
"""

import json
import os
import resource
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import load
import processes
import work


def call(io_and_cpu_ms=()):
    return work.handle(*io_and_cpu_ms)


def result(future: Future):
    """What the call returned, or None if the pool broke under it."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def main():
    system, workload = work.SCENARIO["system"], work.SCENARIO["workload"]
    make = {"thread": ThreadPoolExecutor, "process": ProcessPoolExecutor}[system.get("pool", "thread")]
    each = load.works(workload, 1) or [()] * workload["requests"]
    idle = processes.memory([os.getpid()])["pss"]
    cpu = time.process_time()
    with make(system["max_workers"]) as pool:
        start = time.monotonic_ns()
        print(start, flush=True)
        futures = []
        for io_and_cpu_ms in each:
            try:
                futures.append(pool.submit(call, io_and_cpu_ms))
            except BrokenProcessPool:
                futures.append(None)
        calls = [future and result(future) for future in futures]
        print(time.monotonic_ns(), flush=True)
        family = [os.getpid(), *processes.descendants(os.getpid())]
        after = processes.memory(family)["pss"]
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = time.process_time() - cpu + children.ru_utime + children.ru_stime
    report = {"cpu_s": cpu, "calls": calls, "processes": len(family), "pss_mb": {"idle": idle, "after": after}}
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
