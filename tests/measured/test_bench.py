"""What the bench works out by itself, without a server: `python3 -m unittest discover -s tests/measured`."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import cases
import faults
import figures
import load
import measure
import records
import servers
import shares


class Figures(unittest.TestCase):
    def test_quantiles_are_nearest_rank(self):
        values = list(range(100, 0, -1))
        self.assertEqual([figures.nearest_rank(values, q) for q in (0, 0.5, 0.95, 0.99, 1)], [1, 50, 95, 99, 100])
        self.assertEqual(figures.nearest_rank([7], 0.95), 7)
        self.assertEqual(figures.nearest_rank([1, 2, 3], 0.5), 2)

    def test_range_over_runs(self):
        self.assertEqual(figures.range_of([3.14, 1, 2]), {"min": 1, "median": 2, "max": 3.1})

    def test_lanes_by_thread(self):
        requests = [(20, 7, 5, 9), (10, 3, 0, 4), (10, 4, 1, 6), (10, 3, 4, 8)]
        self.assertEqual(figures.lanes(requests), ([[0, 0], [0, 1], [1, 0]], [2, 0, 1, 0]))

    def test_a_loop_is_one_lane(self):
        self.assertEqual(figures.lanes([(2, 2, 0, 9), (1, 1, 1, 9), (2, 2, 2, 9)], 0), ([[0, None], [1, None]], [1, 0, 1]))

    def test_lanes_packed(self):
        requests = [(1, 11, 0, 4), (1, 12, 1, 3), (1, 13, 3, 5), (1, 14, 4, 6)]
        self.assertEqual(figures.lanes(requests, 2), ([[0, 0], [0, 1]], [0, 1, 1, 0]))

    def test_a_trace_adds_up(self):
        ms = 1_000_000
        rows = [(ms, 9 * ms, 1, 1, 2 * ms, 8 * ms), (3 * ms, 20 * ms, 1, 1, 8 * ms, 18 * ms)]
        trace = figures.trace(0, rows)
        self.assertEqual([trace[key] for key in ("gap", "wait", "service", "answer", "lane")], [[10, 20], [10, 50], [60, 100], [10, 20], [0, 0]])


class CommandLines(unittest.TestCase):
    def line(self, system, **more):
        return " ".join(servers.command({"system": system}, 8000, **more))

    def test_gunicorn(self):
        line = self.line(cases.gunicorn(4, 2, worker_connections=3, timeout_s=2, backlog=5), preload=True)
        for words in ("--workers 4", "--threads 2", "--worker-class sync", "--worker-connections 3", "--timeout 2", "--backlog 5", "--preload"):
            self.assertIn(words, line)
        self.assertTrue(line.endswith(" wsgi:app"))
        self.assertTrue(self.line(cases.gunicorn(1, 1, "asgi")).endswith(" asgi:app"))

    def test_uvicorn(self):
        line = self.line(cases.loop(2))
        self.assertIn("-m uvicorn", line)
        self.assertIn("--workers 2", line)
        with self.assertRaises(ValueError):
            self.line(cases.executor("thread", 2))

    def test_who_binds_early(self):
        early = lambda system: servers.early_binding({"system": system})
        self.assertTrue(early(cases.gunicorn(4, 2)) and early(cases.gunicorn(2, 1, "gevent")) and early(cases.loop(2)))
        self.assertFalse(early(cases.gunicorn(8)) or early(cases.gunicorn(1, 8)) or early(cases.loop()) or early(cases.executor("thread", 9)))


class Collections(unittest.TestCase):
    def test_full_collections_are_noted(self):
        with tempfile.NamedTemporaryFile("r") as notes:
            env = servers.environment({"version": 1}, collections=notes.name)
            script = "import gc, work; gc.disable(); gc.collect(1); gc.collect()"
            # What is collected as it ends is noted too.
            subprocess.run([sys.executable, "-c", script], env=env, check=True)
            pid, _, took, objects = map(int, notes.readline().split())
        self.assertTrue(pid != os.getpid() and took > 0 and objects > 1000)
        self.assertNotIn("MEASURED_COLLECTIONS", servers.environment({"version": 1}))

    def test_when_they_began_and_where_tasks_are(self):
        rows = faults.collections("7 9000000 2000000 80 5\n7 4000000 1000000 60\n", 5_000_000)
        self.assertEqual(rows, [
            {"at_ms": -1, "took_ms": 1, "objects": 60},
            {"at_ms": 4, "took_ms": 2, "objects": 80, "tasks": 5},
        ])


class Shares(unittest.TestCase):
    def test_processes_are_noted_as_they_begin_to_listen(self):
        with tempfile.NamedTemporaryFile("r") as notes:
            env = servers.environment({"version": 1}, listens=notes.name)
            script = """
import os, selectors, socket, work
with selectors.DefaultSelector() as selector, socket.create_server(("127.0.0.1", 0)) as listener:
    selector.register(os.pipe()[0], selectors.EVENT_READ)
    selector.register(socket.socket(), selectors.EVENT_READ)
    selector.register(listener, selectors.EVENT_READ, "key")
    print(os.getpid())
    socket.create_connection(listener.getsockname())
    assert [key.data for key, _ in selector.select(1) if key.fileobj is listener] == ["key"]
"""
            pid = subprocess.run([sys.executable, "-c", script], env=env, check=True, capture_output=True).stdout
            self.assertEqual(notes.read().encode(), pid)

    def test_the_last_to_listen_is_woken_first(self):
        self.assertEqual(shares.woken("5\n7\n5\n6\n"), [6, 7, 5])

    def test_turns_are_places_by_arrival(self):
        entries = [(at, 0, 0, {"pid": pid}, None) for at, pid in ((3, 7), (1, 5), (2, 6))]
        self.assertEqual(shares.sequence(entries, [6, 7, 5]), "201")


class Load(unittest.TestCase):
    def test_arrivals(self):
        self.assertEqual(load.offsets(cases.burst(3, 100), 1), [0, 0, 0])
        self.assertEqual(load.offsets(cases.paced(3, 50, 100), 1), [0, 20, 40])
        self.assertIsNone(load.offsets(cases.closed(3, 2, 100), 1))
        times = load.offsets(cases.poisson(20000, 100, 100), 1)
        self.assertEqual(times, load.offsets(cases.poisson(20000, 100, 100), 1))
        self.assertNotEqual(times, load.offsets(cases.poisson(20000, 100, 100), 2))
        self.assertAlmostEqual(times[-1] / 20000, 10, delta=0.3)

    def test_arrivals_and_work_are_the_simulators(self):
        """The same numbers stand in `tests/native/simulation/draws.rs`."""
        rounded = lambda values: [round(value, 6) for value in values]
        self.assertEqual(rounded(load.offsets(cases.poisson(3, 100, 100), 7)), [3.068173, 3.807753, 9.818395])
        workload = {"requests": 2, "io_ms": 50, "cpu_ms": 2}
        for spread, expected in [
            ("exponential", [[12.588104, 0.40077], [4.744074, 4.084219]]),
            ("lognormal", [[20.56964, 1.8617], [47.244055, 7.360081]]),
        ]:
            self.assertEqual([rounded(work) for work in load.works({**workload, "spread": spread}, 7)], expected)

    def test_every_so_many_th_request_is_heavy(self):
        workload = {"requests": 4, "io_ms": 20, "cpu_ms": 1, "heavy_every": 2, "heavy_cpu_ms": 9}
        self.assertEqual(load.works(workload, 1), [(20, 1), (20, 9)] * 2)

    def test_work_keeps_its_means(self):
        for spread in ("exponential", "lognormal"):
            io, cpu = zip(*load.works({"requests": 20000, "io_ms": 50, "cpu_ms": 2, "spread": spread}, 1))
            self.assertAlmostEqual(sum(io) / len(io), 50, delta=2)
            self.assertAlmostEqual(sum(cpu) / len(cpu), 2, delta=0.1)


class Table(unittest.TestCase):
    def test_slugs_and_scenarios(self):
        slugs = [case.slug for case in cases.CASES]
        self.assertEqual(len(slugs), len(set(slugs)))
        names = [measure.name(case.scenario) for case in cases.CASES]
        self.assertEqual(len(names), len(set(names)))

    def test_records_are_json_with_a_key_a_line(self):
        record = {"a": 1, "b": {"c": [1, 2]}, "d": [{"e": 1}, {"e": 2}]}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x/y.json"
            records.write(path, record)
            self.assertEqual(json.loads(path.read_text()), record)


if __name__ == "__main__":
    unittest.main()
