"""What is measured: scenarios, as the README documents them, with a slug each.

`machine` says at most when a worker is killed: the bench fills in the cores it ran on and the CPU time that its load
generator took.
"""


def gunicorn(workers, threads=1, worker_class="sync", **more):
    return {"kind": "gunicorn", "worker_class": worker_class, "workers": workers, "threads": threads, **more}


def loop(loops=1, **more):
    return {"kind": "event_loop", "loops": loops, **more}


def executor(pool, max_workers):
    return {"kind": "executor", "pool": pool, "max_workers": max_workers}


def burst(requests, io_ms, cpu_ms=0, **more):
    return {"requests": requests, "arrivals": {"kind": "burst"}, "io_ms": io_ms, "cpu_ms": cpu_ms, **more}


def poisson(requests, rate, io_ms, cpu_ms=0, **more):
    arrivals = {"kind": "poisson", "rate_per_s": rate}
    return {"requests": requests, "arrivals": arrivals, "io_ms": io_ms, "cpu_ms": cpu_ms, **more}


def paced(requests, rate, io_ms, cpu_ms=0):
    return {"requests": requests, "arrivals": {"kind": "paced", "rate_per_s": rate}, "io_ms": io_ms, "cpu_ms": cpu_ms}


def closed(requests, clients, io_ms, cpu_ms=0, think_ms=0):
    arrivals = {"kind": "closed", "clients": clients, "think_ms": think_ms}
    return {"requests": requests, "arrivals": arrivals, "io_ms": io_ms, "cpu_ms": cpu_ms}


def scenario(system, workload):
    """A scenario as the README documents it, without its machine."""
    return {"version": 1, "system": system, "workload": workload}


class Case:
    """One row: a scenario, and whether one of its runs is kept request by request."""

    def __init__(self, slug, system, workload, trace=False, calibration=False, **machine):
        self.slug = slug
        self.scenario = scenario(system, workload) | ({"machine": machine} if machine else {})
        self.trace = trace
        # Empty requests: for finding constants, not for judging predictions.
        self.calibration = calibration


CASES = [
    # What a request costs that does nothing.
    Case("empty-sync-1x1", gunicorn(1), burst(600, 0), calibration=True),
    Case("empty-gthread-1x2", gunicorn(1, 2), burst(600, 0), calibration=True),
    Case("empty-gthread-4x2", gunicorn(4, 2), burst(600, 0), calibration=True),
    Case("empty-gevent-1", gunicorn(1, 1, "gevent"), burst(600, 0), calibration=True),
    Case("empty-asgi-1", gunicorn(1, 1, "asgi"), burst(600, 0), calibration=True),
    Case("empty-flask-async-1x2", gunicorn(1, 2, async_views=True), burst(400, 0), calibration=True),
    Case("empty-uvicorn-1", loop(), burst(600, 0), calibration=True),
    Case("empty-uvicorn-def", loop(handlers="sync"), burst(600, 0), calibration=True),
    # A burst of pure I/O.
    Case("burst-sync-8x1", gunicorn(8), burst(320, 100), trace=True),
    Case("burst-gthread-4x2", gunicorn(4, 2), burst(320, 100), trace=True),
    Case("burst-gthread-2x4", gunicorn(2, 4), burst(240, 50)),
    Case("burst-gthread-2x16", gunicorn(2, 16), burst(600, 100)),
    Case("burst-gthread-8x2", gunicorn(8, 2), burst(500, 50)),
    Case("burst-gthread-1x16", gunicorn(1, 16), burst(400, 50)),
    Case("burst-gthread-4x2-wc3", gunicorn(4, 2, worker_connections=3), burst(400, 50), trace=True),
    Case("burst-gthread-4x2-wc9", gunicorn(4, 2, worker_connections=9), burst(240, 50)),
    Case("burst-flask-async-2x4", gunicorn(2, 4, async_views=True), burst(200, 50)),
    Case("burst-gevent-1", gunicorn(1, 1, "gevent"), burst(600, 100)),
    Case("burst-gevent-2", gunicorn(2, 1, "gevent"), burst(600, 100)),
    Case("burst-gevent-1-wc50", gunicorn(1, 1, "gevent", worker_connections=50), burst(500, 100)),
    Case("burst-asgi-1", gunicorn(1, 1, "asgi"), burst(600, 100)),
    Case("burst-asgi-2", gunicorn(2, 1, "asgi"), burst(600, 100)),
    Case("burst-uvicorn-1", loop(), burst(600, 100), trace=True),
    Case("burst-uvicorn-1-1000", loop(), burst(1000, 100)),
    Case("burst-uvicorn-4", loop(4), burst(1000, 100)),
    Case("burst-uvicorn-2", loop(2), burst(600, 100)),
    Case("burst-uvicorn-1-pool10", loop(), burst(400, 50, pool_size=10)),
    Case("burst-uvicorn-2-pool10", loop(2), burst(600, 50, pool_size=10)),
    Case("burst-uvicorn-def", loop(handlers="sync"), burst(600, 100)),
    Case("burst-uvicorn-def-limit10", loop(handlers="sync", thread_limit=10), burst(300, 50)),
    # CPU alone.
    Case("cpu-sync-4x1", gunicorn(4), burst(200, 0, 10)),
    Case("cpu-gthread-2x4", gunicorn(2, 4), burst(200, 0, 10)),
    Case("cpu-gevent-2", gunicorn(2, 1, "gevent"), burst(200, 0, 10)),
    Case("cpu-asgi-1", gunicorn(1, 1, "asgi"), burst(200, 0, 5)),
    Case("cpu-uvicorn-1", loop(), burst(300, 0, 4)),
    Case("cpu-uvicorn-def", loop(handlers="sync"), burst(150, 0, 10)),
    # I/O with CPU around it.
    Case("mixed-sync-3x1", gunicorn(3), burst(200, 40, 8)),
    Case("mixed-sync-8x1-cpu-heavy", gunicorn(8), burst(200, 20, 10)),
    Case("mixed-gthread-2x4", gunicorn(2, 4), burst(240, 40, 4)),
    Case("mixed-gthread-1x8", gunicorn(1, 8), burst(200, 40, 8)),
    Case("mixed-gevent-1", gunicorn(1, 1, "gevent"), burst(300, 50, 3)),
    Case("mixed-asgi-2", gunicorn(2, 1, "asgi"), burst(300, 50, 5)),
    Case("mixed-uvicorn-1", loop(), burst(400, 50, 2)),
    Case("mixed-uvicorn-def", loop(handlers="sync"), burst(400, 50, 2)),
    Case("mixed-sync-4x1-calls4", gunicorn(4), burst(150, 40, 5, io_calls=4)),
    Case("mixed-gthread-1x8-calls4", gunicorn(1, 8), burst(200, 40, 5, io_calls=4)),
    Case("mixed-uvicorn-1-calls4-pool10", loop(), burst(300, 40, 2, io_calls=4, pool_size=10)),
    # Open loop.
    Case("poisson-sync-8x1", gunicorn(8), poisson(500, 60, 100), trace=True),
    Case("poisson-gthread-4x2", gunicorn(4, 2), poisson(1000, 60, 100), trace=True),
    Case("poisson-gthread-4x2-wc3", gunicorn(4, 2, worker_connections=3), poisson(400, 60, 100)),
    Case("poisson-gthread-1x8", gunicorn(1, 8), poisson(1000, 70, 100)),
    Case("poisson-sync-4x1-exponential", gunicorn(4), poisson(360, 60, 50, spread="exponential")),
    Case("poisson-gevent-1", gunicorn(1, 1, "gevent"), poisson(450, 150, 50, 3)),
    Case("poisson-uvicorn-1", loop(), poisson(800, 200, 50, 3)),
    Case("poisson-uvicorn-def", loop(handlers="sync"), poisson(800, 250, 100, 0.5)),
    Case("paced-sync-8x1", gunicorn(8), paced(225, 75, 100)),
    # A fixed number of clients, each with one request under way, as EventStreamMonitor's load test has.
    Case("closed-gthread-4x2", gunicorn(4, 2), closed(240, 20, 100)),
    Case("closed-gthread-4x2-long", gunicorn(4, 2), closed(1200, 20, 100)),
    Case("closed-sync-8x1", gunicorn(8), closed(240, 20, 100)),
    Case("closed-gthread-4x2-short", gunicorn(4, 2), closed(400, 20, 5)),
    Case("closed-uvicorn-1", loop(), closed(800, 40, 50, 2, think_ms=50)),
    # No server.
    Case("executor-thread-20", executor("thread", 20), burst(400, 100), trace=True),
    Case("executor-thread-64", executor("thread", 64), burst(640, 100)),
    Case("executor-thread-8-mixed", executor("thread", 8), burst(200, 40, 4)),
    Case("executor-thread-4-cpu", executor("thread", 4), burst(100, 0, 10)),
    Case("executor-process-4-cpu", executor("process", 4), burst(200, 0, 10)),
    Case("executor-process-8", executor("process", 8), burst(200, 100)),
    Case("executor-process-3-mixed", executor("process", 3), burst(150, 20, 10)),
    # More of each kind.
    Case("mixed-sync-6x1", gunicorn(6), burst(300, 30, 3)),
    Case("poisson-sync-3x1", gunicorn(3), poisson(500, 40, 40, 5)),
    Case("burst-gthread-3x3", gunicorn(3, 3), burst(300, 70)),
    Case("mixed-gthread-1x12", gunicorn(1, 12), burst(300, 60, 3)),
    Case("closed-gthread-2x6", gunicorn(2, 6), closed(300, 16, 50, 1)),
    Case("mixed-gevent-1-light", gunicorn(1, 1, "gevent"), burst(400, 80, 1)),
    Case("closed-asgi-1", gunicorn(1, 1, "asgi"), closed(600, 30, 40, 2)),
    Case("burst-uvicorn-1-1500", loop(), burst(1500, 200)),
    Case("poisson-uvicorn-1-heavy", loop(), poisson(900, 150, 80, 4)),
    Case("mixed-uvicorn-2", loop(2), burst(400, 60, 3)),
    Case("poisson-uvicorn-def-light", loop(handlers="sync"), poisson(900, 150, 50, 1)),
    Case("executor-thread-12-mixed", executor("thread", 12), burst(240, 30, 2)),
    Case("executor-process-5-mixed", executor("process", 5), burst(200, 30, 6)),
    Case("mixed-sync-5x1", gunicorn(5), burst(250, 60, 4)),
    Case("mixed-sync-2x1-calls3", gunicorn(2), burst(120, 30, 3, io_calls=3)),
    Case("mixed-gthread-2x3", gunicorn(2, 3), burst(200, 80, 2)),
    Case("poisson-gthread-1x6", gunicorn(1, 6), poisson(500, 40, 90, 3)),
    Case("poisson-gevent-1-light", gunicorn(1, 1, "gevent"), poisson(500, 100, 60, 2)),
    Case("mixed-asgi-1", gunicorn(1, 1, "asgi"), burst(400, 80, 2)),
    Case("mixed-uvicorn-1-light", loop(), burst(500, 70, 1)),
    Case("closed-uvicorn-1-busy", loop(), closed(600, 50, 60, 1)),
    Case("mixed-uvicorn-def-light", loop(handlers="sync"), burst(400, 60, 1)),
    Case("executor-thread-16-mixed", executor("thread", 16), burst(320, 50, 1)),
    Case("executor-process-4-mixed", executor("process", 4), burst(160, 40, 5)),
    Case("mixed-sync-6x1-heavy", gunicorn(6), burst(240, 80, 6)),
    Case("closed-sync-4x1", gunicorn(4), closed(240, 12, 30, 5)),
    Case("poisson-sync-2x1", gunicorn(2), poisson(400, 25, 60)),
    Case("mixed-gthread-1x10", gunicorn(1, 10), burst(300, 40, 2)),
    Case("burst-gthread-4x4", gunicorn(4, 4), burst(400, 60)),
    Case("poisson-gthread-3x4", gunicorn(3, 4), poisson(800, 70, 120)),
    Case("burst-flask-async-1x4", gunicorn(1, 4, async_views=True), burst(200, 60)),
    Case("mixed-gevent-2", gunicorn(2, 1, "gevent"), burst(500, 60, 2)),
    Case("poisson-asgi-2", gunicorn(2, 1, "asgi"), poisson(800, 200, 60, 2)),
    Case("burst-uvicorn-1-800", loop(), burst(800, 150)),
    Case("mixed-uvicorn-3", loop(3), burst(600, 80, 1)),
    Case("closed-uvicorn-1-think", loop(), closed(800, 80, 100, 1, think_ms=20)),
    Case("poisson-uvicorn-def-limit20", loop(handlers="sync", thread_limit=20), poisson(600, 120, 120, 1)),
    Case("executor-thread-32-mixed", executor("thread", 32), burst(480, 60, 1)),
    Case("executor-process-6-mixed", executor("process", 6), burst(240, 60, 3)),
    # Measured when the constants stood once, as a prediction; they have moved since.
    Case("burst-sync-3x1", gunicorn(3), burst(180, 50, 2)),
    Case("burst-gthread-3x2", gunicorn(3, 2), burst(300, 60)),
    Case("closed-gthread-1x5", gunicorn(1, 5), closed(300, 15, 40, 1)),
    Case("burst-flask-async-2x2", gunicorn(2, 2, async_views=True), burst(160, 40)),
    Case("closed-gevent-1-busy", gunicorn(1, 1, "gevent"), closed(500, 40, 80, 1)),
    Case("burst-asgi-1-busy", gunicorn(1, 1, "asgi"), burst(500, 60, 1)),
    Case("burst-uvicorn-1-700", loop(), burst(700, 120)),
    Case("poisson-uvicorn-1-slow", loop(), poisson(600, 120, 70, 2)),
    Case("closed-uvicorn-2-busy", loop(2), closed(800, 60, 80, 1)),
    Case("mixed-uvicorn-def-burst", loop(handlers="sync"), burst(300, 80, 2)),
    Case("executor-thread-24", executor("thread", 24), burst(360, 70)),
    Case("executor-process-2-mixed", executor("process", 2), burst(120, 30, 4)),
    Case("poisson-sync-5x1", gunicorn(5), poisson(500, 35, 80, 4)),
    Case("closed-sync-6x1", gunicorn(6), closed(400, 12, 40, 3)),
    Case("burst-gthread-2x6", gunicorn(2, 6), burst(300, 70)),
    Case("poisson-gthread-3x2", gunicorn(3, 2), poisson(500, 30, 100)),
    Case("burst-gevent-2-500", gunicorn(2, 1, "gevent"), burst(500, 120)),
    Case("poisson-asgi-1", gunicorn(1, 1, "asgi"), poisson(600, 100, 60, 2)),
    Case("closed-uvicorn-1-40", loop(), closed(800, 40, 80)),
    Case("poisson-uvicorn-2", loop(2), poisson(800, 150, 50, 2)),
    Case("closed-uvicorn-def-limit20", loop(handlers="sync", thread_limit=20), closed(500, 30, 50)),
    Case("executor-thread-12-burst", executor("thread", 12), burst(300, 30, 1)),
    Case("executor-process-3-cpu", executor("process", 3), burst(120, 0, 8)),
    Case("poisson-gthread-2x3", gunicorn(2, 3), poisson(500, 40, 90)),
    Case("poisson-gthread-2x4", gunicorn(2, 4), poisson(400, 50, 120)),
    Case("poisson-gthread-3x3", gunicorn(3, 3), poisson(500, 60, 110)),
    Case("poisson-gthread-5x2", gunicorn(5, 2), poisson(500, 60, 110)),
    Case("poisson-gthread-6x2", gunicorn(6, 2), poisson(500, 70, 100)),
    # Async views, threads that compute, hubs and loops on more processes than cores.
    Case("burst-asgi-1-1000", gunicorn(1, 1, "asgi"), burst(1000, 100)),
    Case("poisson-flask-async-4x2", gunicorn(4, 2, async_views=True), poisson(600, 50, 100)),
    Case("poisson-flask-async-2x4", gunicorn(2, 4, async_views=True), poisson(400, 40, 100)),
    Case("poisson-gthread-4x2-busy", gunicorn(4, 2), poisson(600, 50, 100, 2)),
    Case("poisson-gthread-8x1", gunicorn(8, 1, "gthread"), poisson(600, 60, 100)),
    Case("mixed-uvicorn-2-busy", loop(2), burst(400, 50, 5)),
    Case("burst-uvicorn-3", loop(3), burst(1000, 100)),
    Case("poisson-gevent-1-single", gunicorn(1, 1, "gevent"), poisson(500, 130, 70, 1)),
    Case("poisson-gevent-4", gunicorn(4, 1, "gevent"), poisson(800, 150, 100, 1)),
    Case("mixed-gthread-1x16", gunicorn(1, 16), burst(300, 50, 5)),
    # What figures show at first.
    Case("mixed-gthread-4x2", gunicorn(4, 2), burst(100, 100, 20)),
    Case("stall-uvicorn-1", loop(), poisson(80, 30, 20, 1, heavy_every=20)),
    Case("stall-uvicorn-def", loop(handlers="sync"), poisson(80, 30, 20, 1, heavy_every=20)),
    Case("stall-uvicorn-2", loop(2), poisson(80, 30, 20, 1, heavy_every=20)),
    Case("executor-thread-4-cpu-200", executor("thread", 4), burst(200, 0, 10)),
    Case("executor-thread-3-convoy", executor("thread", 3), burst(3, 20, 150, io_calls=10, heavy_every=3, heavy_cpu_ms=2)),
    Case("burst-uvicorn-1-1000-pool10", loop(), burst(1000, 100, pool_size=10)),
    Case("crash-sync-8x1", gunicorn(8), poisson(100, 20, 300), crash_at_ms=2500),
    Case("crash-gthread-4x2", gunicorn(4, 2), poisson(100, 20, 300), crash_at_ms=2500),
    Case("crash-uvicorn-2", loop(2), poisson(100, 20, 300), crash_at_ms=2500),
    Case("crash-uvicorn-1", loop(), poisson(100, 20, 300), crash_at_ms=2500),
    # Bursts that are over before many workers have had a turn.
    Case("burst-asgi-2-80", gunicorn(2, 1, "asgi"), burst(80, 50, 6)),
    Case("burst-asgi-4-200", gunicorn(4, 1, "asgi"), burst(200, 100)),
    Case("burst-gevent-2-80", gunicorn(2, 1, "gevent"), burst(80, 50, 6)),
    Case("burst-gevent-3-240", gunicorn(3, 1, "gevent"), burst(240, 50, 3)),
    Case("burst-gthread-2x2-16", gunicorn(2, 2), burst(16, 100)),
    Case("burst-gthread-4x2-16", gunicorn(4, 2), burst(16, 100)),
    # Threads that compute for longer than a turn at the GIL.
    Case("turns-executor-20", executor("thread", 20), burst(600, 50, 5.5)),
    Case("turns-executor-10", executor("thread", 10), burst(300, 100, 12)),
    Case("turns-executor-5", executor("thread", 5), burst(100, 100, 20)),
    Case("turns-executor-6-heavy", executor("thread", 6), burst(120, 30, 3, heavy_every=15)),
    Case("turns-executor-16-cpu", executor("thread", 16), burst(100, 0, 20)),
    Case("turns-gthread-1x12", gunicorn(1, 12), burst(400, 50, 10)),
    Case("turns-uvicorn-def", loop(handlers="sync", thread_limit=20), burst(200, 40, 12)),
    # Waits of a few milliseconds.
    Case("short-executor-20", executor("thread", 20), burst(2000, 1)),
    Case("short-executor-8", executor("thread", 8), burst(500, 5, 1)),
    Case("short-executor-8-calls10", executor("thread", 8), burst(200, 50, 2, io_calls=10)),
    Case("short-executor-50", executor("thread", 50), burst(3000, 4)),
    # Measured when the constants stood: for these there was nothing but a prediction.
    Case("new-sync-7x1", gunicorn(7), burst(280, 90, 1)),
    Case("new-sync-4x1-poisson", gunicorn(4), poisson(600, 45, 60, 2)),
    Case("new-gthread-4x3", gunicorn(4, 3), burst(360, 80)),
    Case("new-flask-async-1x6", gunicorn(1, 6, async_views=True), burst(150, 60)),
    Case("new-asgi-1-closed", gunicorn(1, 1, "asgi"), closed(600, 30, 50)),
    Case("new-uvicorn-1", loop(), burst(450, 150)),
    Case("new-uvicorn-1-poisson", loop(), poisson(700, 160, 90, 1)),
    Case("new-uvicorn-2-closed", loop(2), closed(600, 50, 60, 2)),
    Case("new-uvicorn-def-poisson", loop(handlers="sync"), poisson(500, 110, 80, 1)),
    Case("new-executor-thread-16", executor("thread", 16), burst(320, 50)),
]
