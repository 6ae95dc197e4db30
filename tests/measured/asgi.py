"""The FastAPI application under uvicorn and gunicorn's asgi worker."""

import asyncio
import contextlib

import anyio.to_thread
from fastapi import FastAPI

import work

_system = work.SCENARIO.get("system", {})


@contextlib.asynccontextmanager
async def _lifespan(_app):
    work.loop = asyncio.get_running_loop()
    anyio.to_thread.current_default_thread_limiter().total_tokens = _system.get("thread_limit", 40)
    yield


app = FastAPI(lifespan=_lifespan)

if _system.get("handlers") == "sync":

    @app.get("/work")
    def scenario():
        return work.handle()

    @app.get("/one")
    def one(io_ms: float, cpu_ms: float):
        return work.handle(io_ms, cpu_ms)

else:

    @app.get("/work")
    async def scenario():
        return await work.handle_async()

    @app.get("/one")
    async def one(io_ms: float, cpu_ms: float):
        return await work.handle_async(io_ms, cpu_ms)
