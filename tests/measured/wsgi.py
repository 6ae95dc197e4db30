"""The Flask application under gunicorn's sync, gthread and gevent workers."""

from flask import Flask, request

import work

app = Flask(__name__)

if work.SCENARIO.get("system", {}).get("async_views"):

    @app.get("/work")
    async def scenario():
        return await work.handle_async()

else:

    @app.get("/work")
    def scenario():
        return work.handle()


@app.get("/one")
def one():
    return work.handle(float(request.args["io_ms"]), float(request.args["cpu_ms"]))
