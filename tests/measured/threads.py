"""Threads of one process that compute without pause, beside threads that wait for I/O and then need some CPU time.

Reads JSON from its first argument: how many of each, what those that wait do, and for how many seconds. Writes JSON: how long
each wait went on beyond its time: until the kernel had woken its thread, and that had the GIL.
"""

import json
import sys
import threading
import time

import work


def computes(end):
    while time.monotonic_ns() < end:
        work.burn(1)


def waits(end, io_ms, cpu_ms, late_ms):
    while time.monotonic_ns() < end:
        start = time.monotonic_ns()
        time.sleep(io_ms / 1000)
        late_ms.append((time.monotonic_ns() - start) / 1e6 - io_ms)
        work.burn(cpu_ms)


def main():
    options = json.loads(sys.argv[1])
    end, late_ms = time.monotonic_ns() + int(options["seconds"] * 1e9), []
    threads = [threading.Thread(target=computes, args=(end,)) for _ in range(options["computing"])]
    work_of_each = options["io_ms"], options["cpu_ms"]
    threads += [threading.Thread(target=waits, args=(end, *work_of_each, late_ms)) for _ in range(options["waiting"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump({"late_ms": late_ms}, sys.stdout)


if __name__ == "__main__":
    main()
