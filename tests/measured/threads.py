"""Threads of one process that compute without pause, beside threads that wait 20 ms for I/O and then need 1 ms of CPU.

Reads JSON from its first argument: how many of each, and for how many seconds. Writes JSON: how long each wait went on beyond
its 20 ms: so long that thread waited for the GIL.
"""

import json
import sys
import threading
import time

import work

IO_MS, CPU_MS = 20, 1


def computes(end):
    while time.monotonic_ns() < end:
        work.burn(CPU_MS)


def waits(end, late_ms):
    while time.monotonic_ns() < end:
        start = time.monotonic_ns()
        time.sleep(IO_MS / 1000)
        late_ms.append((time.monotonic_ns() - start) / 1e6 - IO_MS)
        work.burn(CPU_MS)


def main():
    options = json.loads(sys.argv[1])
    end, late_ms = time.monotonic_ns() + int(options["seconds"] * 1e9), []
    threads = [threading.Thread(target=computes, args=(end,)) for _ in range(options["computing"])]
    threads += [threading.Thread(target=waits, args=(end, late_ms)) for _ in range(options["waiting"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump({"late_ms": late_ms}, sys.stdout)


if __name__ == "__main__":
    main()
