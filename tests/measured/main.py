#!/usr/bin/env python3
"""Measures real servers and writes the records that the simulator is held against.

    main.py [--quick] [--out DIR] [--list] [NAME ...]

NAME is a case's slug, an experiment's name or a pattern of either ('poisson-*'); none means all. --quick sends a few requests
once, to try the bench itself, and writes to target/measured-quick unless --out says otherwise. All cases are run in rounds; a
case's record is written after its last.
"""

import argparse
import fnmatch
import os
import resource
import signal
import sys
import time
from pathlib import Path

import cases
import faults
import measure
import records
import servers
import shares

ROOT = servers.HERE.parent.parent
EXPERIMENTS = faults.EXPERIMENTS | shares.EXPERIMENTS
# Start, first answers of all workers, memory, stop.
STARTING_S = 1.1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="a few requests, one run: tries the bench, measures nothing")
    parser.add_argument("--out", type=Path, help="folder for the records (content/measured)")
    parser.add_argument("--list", action="store_true", help="names, and about how long each takes")
    return parser.parse_args()


def chosen(names):
    """The cases and experiments that the names stand for."""
    known = [case.slug for case in cases.CASES] + list(EXPERIMENTS)
    wanted = set(known) if not names else set()
    for name in names:
        found = fnmatch.filter(known, name)
        if not found:
            raise servers.Trouble(f"nothing is called {name}: --list shows what there is")
        wanted.update(found)
    return [case for case in cases.CASES if case.slug in wanted], [name for name in EXPERIMENTS if name in wanted]


def seconds(case, quick):
    scenario = measure.shrunk(case.scenario) if quick else case.scenario
    start = 0.2 if scenario["system"]["kind"] == "executor" else STARTING_S
    return measure.runs_of(case, quick) * (measure.ideal_s(scenario) + start)


def raise_limits():
    """As many open files as this user may have, for a connection each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < 4096:
        raise servers.Trouble(f"only {hard} open files are allowed: raise the hard limit (ulimit -Hn) to 4096 or more")


def row(record, took):
    latency = record["latency_ms"]
    served = record.get("client_cpu_ms", {}).get("median", 0)
    busy = record["other_cpu_s"] / (record["makespan_ms"]["median"] / 1000 * measure.CORES)
    text = f"{record['slug']:32} {record['runs']:4} {record['makespan_ms']['median']:10.1f} {latency['mean']['median']:9.1f} "
    text += f"{latency['p50']['median']:9.1f} {latency['p95']['median']:9.1f} {record['server_cpu_s']:7.2f} {served:7.2f} "
    text += f"{busy * 100:5.0f}% {record['failed']:6} {took:6.1f}"
    return text + ("  disturbed" if record["other_cpu_s"] > 0.1 and busy > 0.05 else "")


def main():
    options = arguments()
    rows, experiments = chosen(options.names)
    if options.list:
        for case in rows:
            print(f"{case.slug:32} {seconds(case, options.quick):4.0f} s  {measure.name(case.scenario)}")
        for name in experiments:
            function, about = EXPERIMENTS[name]
            print(f"{name:32} {about:4} s  {function.__doc__.splitlines()[0]}")
        return
    raise_limits()
    out = options.out or (ROOT / "target/measured-quick" if options.quick else ROOT / "content/measured")
    everything = not options.names
    records.place(out, everything or options.quick)
    about = sum(seconds(case, options.quick) for case in rows)
    about += sum(EXPERIMENTS[name][1] * (0.4 if options.quick else 1) for name in experiments)
    print(f"   {len(rows)} cases and {len(experiments)} experiments, about {about / 60:.0f} minutes; records go to {out}", flush=True)
    if os.getloadavg()[0] > 0.5 and not options.quick:
        print(f"   this machine is busy (load {os.getloadavg()[0]:.1f}): what it measures now is worth little", flush=True)
    print(f"{'case':32} runs   makespan      mean       p50       p95  server  client  other failed   took", flush=True)
    print(f"{'':32}            ms        ms        ms        ms   CPU s  ms/req                  s", flush=True)
    troubles = []
    runs, took = {case.slug: [] for case in rows}, dict.fromkeys((case.slug for case in rows), 0)
    # In rounds, so that the runs of a case lie minutes apart: a machine is faster and slower by turns.
    rounds = max((measure.runs_of(case, options.quick) for case in rows), default=0)
    for seed in range(1, rounds + 1):
        if rounds > 1:
            print(f"round {seed} of {rounds}", flush=True)
        for case in list(rows):
            start, last = time.monotonic(), measure.runs_of(case, options.quick)
            if seed > last:
                continue
            try:
                runs[case.slug].append(measure.run(case, options.quick, seed))
            except servers.Trouble as trouble:
                rows.remove(case)
                troubles.append(f"{case.slug}: {trouble}")
                print(f"{case.slug:32} FAILED: {trouble}", flush=True)
                continue
            took[case.slug] += time.monotonic() - start
            if seed < last:
                continue
            record, trace = measure.recorded(case, options.quick, runs.pop(case.slug))
            records.write(out / f"cases/{case.slug}.json", record)
            if trace:
                records.write(out / f"traces/{case.slug}.json", trace)
            print(row(record, took[case.slug]), flush=True)
    for name in experiments:
        start = time.monotonic()
        try:
            record = EXPERIMENTS[name][0](options.quick)
        except servers.Trouble as trouble:
            troubles.append(f"{name}: {trouble}")
            print(f"{name:32} FAILED: {trouble}", flush=True)
            continue
        records.write(out / f"{name}.json", record)
        print(f"{name:32} {'':73} {time.monotonic() - start:6.1f}", flush=True)
    if everything:
        prune(out)
    if troubles:
        raise servers.Trouble(f"{len(troubles)} not measured:\n  " + "\n  ".join(trouble.splitlines()[0] for trouble in troubles))


def prune(out):
    """Removes records of cases that are no more."""
    slugs = {case.slug for case in cases.CASES}
    traced = {case.slug for case in cases.CASES if case.trace}
    for folder, kept in (("cases", slugs), ("traces", traced)):
        for path in (out / folder).glob("*.json"):
            if path.stem not in kept:
                path.unlink()


if __name__ == "__main__":
    # However it ends, servers are stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        main()
    except servers.Trouble as trouble:
        sys.exit(f"error: {trouble}")
    except KeyboardInterrupt:
        sys.exit(130)
