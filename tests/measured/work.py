"""What one request does, in every server and executor alike: CPU time around I/O waits.

The scenario comes in the environment as JSON. CPU time is a busy loop on the thread's own CPU clock, spread evenly before,
between and after the waits, as in the simulator; with no I/O there is no wait, so a handler runs through without yielding.
"""

import asyncio
import contextlib
import gc
import json
import os
import selectors
import socket
import threading
import time

SCENARIO = json.loads(os.environ.get("MEASURED_SCENARIO", "{}"))
_workload = SCENARIO.get("workload", {})
IO_MS = _workload.get("io_ms", 100)
CPU_MS = _workload.get("cpu_ms", 0)
CALLS = _workload.get("io_calls", 1)
POOL = _workload.get("pool_size")


def _notes(name):
    """The file in which something is noted, where the environment names one."""
    path = os.environ.get(f"MEASURED_{name}")
    return os.open(path, os.O_WRONLY | os.O_APPEND) if path else None


# Where handlers note that they began, when a worker is going to be killed: a lost request cannot say so itself.
_starts = _notes("STARTS")

# Where full garbage collections are noted.
_collections = _notes("COLLECTIONS")
_collecting = 0
# The loop whose tasks are counted, where there is one.
loop = None

# Where processes are noted as they begin to watch a listening socket: a connection wakes them in the reverse order.
_listens = _notes("LISTENS")

_connections = threading.BoundedSemaphore(POOL) if POOL else contextlib.nullcontext()
_loop_connections = None


def _collected(phase, info):
    """Notes a full collection: process, start (CLOCK_MONOTONIC) and duration in ns; then, counted afterwards, objects and tasks."""
    global _collecting
    if info["generation"] < 2:
        return
    if phase == "start":
        _collecting = time.monotonic_ns()
        return
    numbers = [os.getpid(), _collecting, time.monotonic_ns() - _collecting, len(gc.get_objects())]
    if loop:
        numbers.append(len(asyncio.all_tasks(loop)))
    os.write(_collections, " ".join(map(str, numbers)).encode() + b"\n")


if _collections is not None:
    gc.callbacks.append(_collected)


def _noting(register):
    """`EpollSelector.register` that notes listening sockets."""

    def noted(self, fileobj, events, data=None):
        key = register(self, fileobj, events, data)
        # A pipe is no socket.
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(key.fd)) as watched:
            if watched.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                os.write(_listens, b"%d\n" % os.getpid())
        return key

    return noted


if _listens is not None:
    # A worker has its selector before it loads its application.
    selectors.EpollSelector.register = _noting(selectors.EpollSelector.register)


def burn(ms):
    """Uses `ms` of this thread's CPU time."""
    end = time.thread_time_ns() + int(ms * 1e6)
    while time.thread_time_ns() < end:
        pass


def parts(io_ms, cpu_ms):
    """One request's CPU segment, I/O call (ms each) and number of calls: one more segment than calls."""
    calls = CALLS if io_ms > 0 else 0
    return cpu_ms / (calls + 1), io_ms / calls if calls else 0, calls


def _began():
    start = time.monotonic_ns()
    if _starts is not None:
        os.write(_starts, b"%d %d\n" % (os.getpid(), start))
    return start


def _answer(start):
    return {"pid": os.getpid(), "tid": threading.get_native_id(), "start": start, "end": time.monotonic_ns()}


def handle(io_ms=IO_MS, cpu_ms=CPU_MS):
    """A blocking handler: who handled it, when it began and when it ended (CLOCK_MONOTONIC, ns)."""
    start = _began()
    segment, wait, calls = parts(io_ms, cpu_ms)
    if segment:
        burn(segment)
    for _ in range(calls):
        with _connections:
            time.sleep(wait / 1000)
        if segment:
            burn(segment)
    return _answer(start)


async def handle_async(io_ms=IO_MS, cpu_ms=CPU_MS):
    """The same as a coroutine."""
    start = _began()
    segment, wait, calls = parts(io_ms, cpu_ms)
    if segment:
        burn(segment)
    for _ in range(calls):
        async with _pool():
            await asyncio.sleep(wait / 1000)
        if segment:
            burn(segment)
    return _answer(start)


def _pool():
    global _loop_connections
    if _loop_connections is None:
        _loop_connections = asyncio.Semaphore(POOL) if POOL else contextlib.nullcontext()
    return _loop_connections
