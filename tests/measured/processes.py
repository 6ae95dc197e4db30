"""What Linux knows of a process: its children, CPU time and memory."""

import os
import time
from pathlib import Path


def children():
    """Every process's children, by its id."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        # The name, in brackets, may hold anything.
        parent = int(text[text.rindex(")") + 2 :].split()[1])
        found.setdefault(parent, []).append(int(stat.parent.name))
    return {parent: sorted(pids) for parent, pids in found.items()}


def descendants(pid):
    """Ids of all processes below `pid`."""
    tree, found, queue = children(), [], [pid]
    while queue:
        below = tree.get(queue.pop(), [])
        found += below
        queue += below
    return sorted(found)


def cpu_s(pids):
    """CPU time that these processes have used, ended threads included."""
    total = 0
    for pid in pids:
        try:
            total += time.clock_gettime_ns((~pid << 3) | 2)
        except OSError:
            pass
    return total / 1e9


def memory(pids):
    """Sums over the processes, in MB (2^20): `pss` counts a shared page by its share, `uss` private pages alone, `rss` all."""
    rows = {"pss": ("Pss",), "uss": ("Private_Clean", "Private_Dirty"), "rss": ("Rss",)}
    total = dict.fromkeys(rows, 0.0)
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        except OSError:
            continue
        kb = {name: int(rest.split()[0]) for name, rest in (line.split(":", 1) for line in lines)}
        for key, names in rows.items():
            total[key] += sum(kb.get(name, 0) for name in names) / 1024
    return {key: round(value, 2) for key, value in total.items()}


def busy_s():
    """CPU time that anyone has used on this machine, time stolen by its host included."""
    user, nice, system, _idle, _iowait, irq, softirq, steal, *_ = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return sum(map(int, (user, nice, system, irq, softirq, steal))) / os.sysconf("SC_CLK_TCK")
