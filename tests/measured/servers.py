"""The real servers: a scenario's command line; start, wait until every worker answers, stop."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import load
import processes

HERE = Path(__file__).resolve().parent
READY_S = 60


class Trouble(Exception):
    """Something that stops a measurement, in words for whoever runs it."""


def worker_class(system):
    """The class that serves: gunicorn runs `sync` with several threads as gthread."""
    name = system.get("worker_class", "sync")
    return "gthread" if name == "sync" and system.get("threads", 1) > 1 else name


def workers(system):
    """How many processes answer."""
    return system.get("workers" if system["kind"] == "gunicorn" else "loops", 1)


def cooperative(system):
    """Whether a loop in each process runs the handlers, and nothing preempts them."""
    if system["kind"] == "event_loop":
        return system.get("handlers") != "sync"
    return system["kind"] == "gunicorn" and worker_class(system) in ("gevent", "asgi")


def early_binding(scenario):
    """Whether a connection is bound to one of several processes before that process is free to serve it."""
    system = scenario["system"]
    if system["kind"] == "executor" or workers(system) == 1:
        return False
    return system["kind"] == "event_loop" or worker_class(system) != "sync"


def command(scenario, port, preload=False):
    """The command line that runs the scenario's system, after `python`."""
    system = scenario["system"]
    bind = f"{load.HOST}:{port}"
    if system["kind"] == "gunicorn":
        name = system.get("worker_class", "sync")
        line = ["-m", "gunicorn", "--bind", bind, "--no-control-socket", "--log-level", "warning", "--worker-class", name]
        for field, flag in (
            ("workers", "--workers"),
            ("threads", "--threads"),
            ("worker_connections", "--worker-connections"),
            ("backlog", "--backlog"),
            ("timeout_s", "--timeout"),
        ):
            if field in system:
                line += [flag, str(system[field])]
        if name == "asgi":
            line += ["--asgi-loop", "uvloop"]
        if preload:
            line.append("--preload")
        return [*line, "asgi:app" if name == "asgi" else "wsgi:app"]
    if system["kind"] == "event_loop":
        if preload:
            raise ValueError("uvicorn spawns its workers: there is nothing to preload")
        line = ["-m", "uvicorn", "--host", load.HOST, "--port", str(port), "--workers", str(system.get("loops", 1))]
        return [*line, "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning", "asgi:app"]
    raise ValueError(f"system.kind: {system['kind']!r} is not a server")


def environment(scenario, **notes):
    """The environment of anything that runs the scenario's handlers; `notes`: files where `work` notes something, by its name."""
    env = {name: value for name, value in os.environ.items() if name not in ("PORT", "WEB_CONCURRENCY", "GUNICORN_CMD_ARGS")}
    env |= {"MEASURED_SCENARIO": json.dumps(scenario), "PYTHONPATH": str(HERE)}
    return env | {f"MEASURED_{name.upper()}": str(path) for name, path in notes.items()}


def free_port():
    with socket.socket() as probe:
        probe.bind((load.HOST, 0))
        return probe.getsockname()[1]


def fetch(port, io_ms=0, cpu_ms=0, timeout=READY_S):
    """One request, apart from any measurement: the answer, or None where there was none."""
    try:
        with socket.create_connection((load.HOST, port), timeout) as connection:
            connection.settimeout(timeout)
            connection.sendall(load.message((io_ms, cpu_ms)))
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
    except OSError:
        return None
    head, _, body = answer.partition(b"\r\n\r\n")
    return json.loads(body) if head.startswith(b"HTTP/1.1 200") else None


def die_with_parent():
    """In a child: ask for SIGTERM should the bench itself be killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Server:
    """A running server; a context manager that always ends it and everything it started."""

    def __init__(self, scenario, preload=False, awaited=None, pause_s=0.05, **notes):
        self.scenario = scenario
        # How many of its processes it waits for, and how long it pauses while none answers.
        self.awaited = awaited or workers(scenario["system"])
        self.pause_s = pause_s
        self.port = free_port()
        self.line = [sys.executable, *command(scenario, self.port, preload)]
        self.environment = environment(scenario, **notes)

    def __enter__(self):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            self.line,
            cwd=HERE,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        try:
            self.pids = self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def wait(self):
        """Waits until as many processes answer as are awaited: their ids."""
        deadline = time.monotonic() + READY_S
        seen = set()
        batch = 1
        with ThreadPoolExecutor(4 * self.awaited) as pool:
            while len(seen) < self.awaited:
                if self.process.poll() is not None:
                    raise Trouble(f"the server ended with status {self.process.returncode}: {self.last_words()}")
                if time.monotonic() > deadline:
                    raise Trouble(f"{len(seen)} of {self.awaited} workers answered in {READY_S} s: {self.last_words()}")
                answers = list(pool.map(lambda _: fetch(self.port, 10 if batch > 1 else 0, 0), range(batch)))
                seen |= {answer["pid"] for answer in answers if answer}
                if not any(answers):
                    time.sleep(self.pause_s)
                else:
                    batch = 4 * self.awaited
        return sorted(seen)

    def everyone(self):
        """Ids of all its processes, the parent first."""
        return [self.process.pid, *processes.descendants(self.process.pid)]

    def last_words(self):
        self.log.seek(0)
        return self.log.read()[-2000:].strip() or "it wrote nothing"

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(3)
        # Its own session: whatever is left of it, and nothing else.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()
