"""The load generator: one single-threaded asyncio process, one new connection a request.

Reads a job (JSON) from standard input. Writes the moment it begins (CLOCK_MONOTONIC, ns) as one line and the moment it has
its last answer or failure as another; then JSON: its CPU time and, for every request, when it was sent (before connecting), connected and
answered (the last byte of the body), the answer, and what went wrong.

    {"port": 8000, "workload": {...}, "seed": 1, "requests": [[at_ms, io_ms, cpu_ms], ...]}

`workload` is a scenario's. `requests`, where given, names every request instead.
"""

import asyncio
import gc
import itertools
import json
import sys
import time

from draws import CPU, CPU_ANGLE, Draws, GAP, IO, IO_ANGLE

HOST = "127.0.0.1"


def offsets(workload, seed):
    """When each request is sent, in ms; None for a closed loop, where answers decide."""
    arrivals = workload.get("arrivals", {"kind": "burst"})
    count = workload.get("requests", 1000)
    kind = arrivals["kind"]
    if kind == "burst":
        return [0.0] * count
    if kind == "paced":
        return [i * 1000 / arrivals["rate_per_s"] for i in range(count)]
    if kind == "poisson":
        draws = Draws(seed)
        gaps = (draws.exponential(i, GAP) * 1000 / arrivals["rate_per_s"] for i in range(count))
        return list(itertools.accumulate(gaps))
    if kind == "closed":
        return None
    raise ValueError(f"workload.arrivals.kind: {kind!r} is not one that the bench can drive")


def works(workload, seed):
    """Each request's (io_ms, cpu_ms), or None where all are alike and the server knows them."""
    spread, draws = workload.get("spread", "constant"), Draws(seed)
    every, heavy = workload.get("heavy_every"), workload.get("heavy_cpu_ms", 280)
    if spread == "constant":
        if not every:
            return None
        factors = lambda i: (1, 1)
    elif spread == "exponential":
        factors = lambda i: (draws.exponential(i, IO), draws.exponential(i, CPU))
    elif spread == "lognormal":
        factors = lambda i: (draws.lognormal(i, IO, IO_ANGLE), draws.lognormal(i, CPU, CPU_ANGLE))
    else:
        raise ValueError(f"workload.spread: {spread!r} is not one that the bench can drive")
    means = workload.get("io_ms", 100), workload.get("cpu_ms", 0)
    each = [tuple(mean * factor for mean, factor in zip(means, factors(i))) for i in range(workload.get("requests", 1000))]
    if every:
        each = [(io, heavy if (i + 1) % every == 0 else cpu) for i, (io, cpu) in enumerate(each)]
    return each


def message(work):
    """The bytes of one request."""
    path = "/work" if work is None else f"/one?io_ms={work[0]:.3f}&cpu_ms={work[1]:.3f}"
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()


class Failure(Exception):
    """An answer that is not what was asked for."""


async def _exchange(port, bytes_, entry):
    reader, writer = await asyncio.open_connection(HOST, port)
    entry[1] = time.monotonic_ns()
    try:
        writer.write(bytes_)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise Failure("status " + head.split(b" ", 2)[1].decode())
        at = head.lower().index(b"content-length:") + 15
        entry[3] = await reader.readexactly(int(head[at : head.index(b"\r", at)]))
    finally:
        entry[2] = time.monotonic_ns()
        writer.close()


async def _request(port, bytes_, timeout, log):
    entry = [time.monotonic_ns(), None, None, None, None]
    log.append(entry)
    try:
        if timeout is None:
            await _exchange(port, bytes_, entry)
        else:
            await asyncio.wait_for(_exchange(port, bytes_, entry), timeout)
    except asyncio.TimeoutError:
        entry[4] = "client timeout"
    except ConnectionRefusedError:
        entry[4] = "refused"
    except (ConnectionResetError, BrokenPipeError):
        entry[4] = "reset"
    except asyncio.IncompleteReadError as error:
        entry[4] = "cut off" if error.partial else "empty"
    except (Failure, OSError) as error:
        entry[4] = str(error)
    if entry[4]:
        entry[2] = time.monotonic_ns()


async def run(job):
    """Sends all of it and waits for the last answer: (start, CPU seconds, one entry a request)."""
    port, workload, seed = job["port"], job["workload"], job.get("seed", 1)
    if named := job.get("requests"):
        times, each = [at for at, _, _ in named], [(io, cpu) for _, io, cpu in named]
    else:
        times, each = offsets(workload, seed), works(workload, seed)
    count = len(times) if times else workload.get("requests", 1000)
    messages = [message(work) for work in each] if each else [message(None)] * count
    timeout = workload.get("client_timeout_ms")
    timeout = timeout / 1000 if timeout else None
    log = []
    send = lambda i: _request(port, messages[i], timeout, log)
    gc.collect()
    gc.disable()

    cpu, start = time.process_time(), time.monotonic_ns()
    print(start, flush=True)
    if times is None:
        arrivals = workload["arrivals"]
        numbers = iter(range(count))

        async def client():
            for i in numbers:
                await send(i)
                if think := arrivals.get("think_ms", 0):
                    await asyncio.sleep(think / 1000)

        await asyncio.gather(*(client() for _ in range(arrivals["clients"])))
    elif not any(times):
        await asyncio.gather(*map(send, range(count)))
    else:
        tasks = []
        for i, at in enumerate(times):
            left = start / 1e9 + at / 1000 - time.monotonic()
            if left > 0:
                await asyncio.sleep(left)
            tasks.append(asyncio.create_task(send(i)))
        await asyncio.gather(*tasks)
    return start, time.process_time() - cpu, log


def main():
    job = json.load(sys.stdin)
    start, cpu, log = asyncio.run(run(job))
    print(time.monotonic_ns(), flush=True)
    for entry in log:
        entry[3] = json.loads(entry[3]) if entry[3] else None
    json.dump({"start": start, "cpu_s": cpu, "requests": log}, sys.stdout)


if __name__ == "__main__":
    main()
