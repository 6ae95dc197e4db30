"""From what a run recorded to the figures of a record."""

import math


def nearest_rank(values, q):
    """The value at index `ceil(q * n) - 1` of the sorted values."""
    return sorted(values)[max(0, math.ceil(q * len(values)) - 1)]


def latency(values):
    """Mean and quantiles of latencies in ms."""
    return {
        "mean": sum(values) / len(values),
        "p50": nearest_rank(values, 0.5),
        "p95": nearest_rank(values, 0.95),
        "p99": nearest_rank(values, 0.99),
    }


def median(values):
    """The middle value; of an even number the lower of the two."""
    return nearest_rank(values, 0.5)


def range_of(values, digits=1):
    """Least, middle and greatest of a figure over the runs."""
    return {
        "min": round(min(values), digits),
        "median": round(median(values), digits),
        "max": round(max(values), digits),
    }


def ranges(rows, digits=1):
    """`range_of` for every key of the runs' rows."""
    return {key: range_of([row[key] for row in rows], digits) for key in rows[0]}


def lanes(requests, slots=None, pids=None):
    """Numbers the places that handled requests: the lanes as [process, thread] and each request's lane.

    `requests` are (pid, tid, start, end). Processes (`pids`, or those that handled any) are numbered by id, threads by their first
    start. A loop, which interleaves requests, is one lane: thread None (slots 0). `slots` > 0 packs requests into that many lanes a process, where every
    request has a thread of its own.
    """
    numbers = {pid: n for n, pid in enumerate(sorted(pids or {pid for pid, *_ in requests}))}
    keys = [None] * len(requests)
    threads, free = {}, {}
    for i in sorted(range(len(requests)), key=lambda i: requests[i][2]):
        pid, tid, start, end = requests[i]
        if slots == 0:
            keys[i] = (numbers[pid], None)
            continue
        if slots is None:
            thread = threads.setdefault(pid, {}).setdefault(tid, len(threads[pid]))
        else:
            ends = free.setdefault(pid, [])
            thread = next((n for n, at in enumerate(ends) if at <= start), len(ends))
            ends[thread:thread + 1] = [end]
        keys[i] = (numbers[pid], thread)
    order = sorted(set(keys), key=lambda key: (key[0], key[1] or 0))
    index = {key: n for n, key in enumerate(order)}
    return [list(key) for key in order], [index[key] for key in keys]


def trace(start, requests, slots=None, pids=None):
    """One run, compactly, requests in the order they were sent, in units of 0.1 ms:

    `gap` since the one before was sent, `wait` until its handler began, `service` until that ended, `answer` until its last byte
    was with the client, `lane` an index into `lanes`. `requests` are (sent, answered, pid, tid, handler start, handler end) in ns.
    """
    requests = sorted(requests)
    order, lane = lanes([(pid, tid, begun, ended) for _, _, pid, tid, begun, ended in requests], slots, pids)
    tick = lambda ns: round((ns - start) / 1e5)
    columns = {"gap": [], "wait": [], "service": [], "answer": [], "lane": lane}
    before = 0
    for sent, answered, _, _, begun, ended in requests:
        # Differences of rounded times: summed up, they give the times again.
        columns["gap"].append(tick(sent) - before)
        columns["wait"].append(tick(begun) - tick(sent))
        columns["service"].append(tick(ended) - tick(begun))
        columns["answer"].append(tick(answered) - tick(ended))
        before = tick(sent)
    return {"unit_ms": 0.1, "lanes": order, **columns}
