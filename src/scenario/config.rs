//! A scenario as the configuration that its reader would deploy: gunicorn 27, uvicorn 0.54,
//! `concurrent.futures`.

use super::types::*;

/// A piece of configuration to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// What it is: "Command line", "gunicorn.conf.py".
    pub title: &'static str,
    /// Its language for highlighting: `bash` or `python`.
    pub language: &'static str,
    pub code: String,
}

/// The configuration of the scenario's system.
pub fn snippets(scenario: &Scenario) -> Vec<Snippet> {
    match &scenario.system {
        System::Gunicorn(gunicorn) => gunicorn_snippets(gunicorn, scenario),
        System::EventLoop(event_loop) => event_loop_snippets(event_loop, scenario),
        System::Executor(executor) => vec![executor_snippet(executor, scenario)],
    }
}

fn gunicorn_snippets(gunicorn: &Gunicorn, scenario: &Scenario) -> Vec<Snippet> {
    let (settings, cure) = settings(gunicorn, scenario.fidelity);
    let mut command = String::new();
    if gunicorn.worker_class == WorkerClass::Gevent {
        command.push_str("pip install \"gunicorn[gevent]\"\n");
    }
    if gunicorn.async_views && gunicorn.worker_class.is_threaded() {
        command.push_str("pip install \"flask[async]\"\n");
    }
    command.push_str(&run(scenario, "gunicorn"));
    let mut conf = String::new();
    for (name, value) in &settings {
        // The one flag that is not spelt like its setting.
        let flag = match *name {
            "keepalive" => "keep-alive".to_owned(),
            name => name.replace('_', "-"),
        };
        command.push_str(&format!(" --{flag} {value}"));
        match *name {
            "worker_class" => conf.push_str(&format!("{name} = \"{value}\"\n")),
            "keepalive" => conf.push_str(
                "# Accept about as many as can run: the rest waits in one line for all.\nkeepalive = 0\n",
            ),
            _ => conf.push_str(&format!("{name} = {value}\n")),
        }
    }
    command.push_str(" app:app\n");
    if let Some(little) = cure {
        command.push_str(&format!(
            "# against early binding:\n#   --worker-connections {little} --keep-alive 0\n"
        ));
        conf.push_str(&format!(
            "# against early binding:\n# worker_connections = {little}\n# keepalive = 0\n"
        ));
    }
    let mut snippets = vec![
        Snippet {
            title: "Command line",
            language: "bash",
            code: command,
        },
        Snippet {
            title: "gunicorn.conf.py",
            language: "python",
            code: conf,
        },
    ];
    if let Some(size) = scenario.workload.pool_size {
        snippets.push(match gunicorn.worker_class {
            WorkerClass::Asgi => lifespan(None, Some(size)),
            _ => engine(size),
        });
    }
    snippets
}

/// Gunicorn's settings where they differ from its own defaults; workers and threads always. Where the run
/// bound early also the cap on connections that would have prevented it.
fn settings(gunicorn: &Gunicorn, fidelity: Fidelity) -> (Vec<(&'static str, String)>, Option<u32>) {
    let class = match gunicorn.worker_class {
        // Gunicorn itself makes gthread of sync with several threads.
        WorkerClass::Sync if gunicorn.threads > 1 => WorkerClass::Gthread,
        class => class,
    };
    let default = Gunicorn::default();
    let mut settings = vec![("workers", gunicorn.workers.to_string())];
    let (mut connections, mut cure) = (gunicorn.worker_connections, None);
    match class {
        WorkerClass::Sync => {}
        WorkerClass::Gthread => {
            settings.push(("worker_class", "gthread".to_owned()));
            settings.push(("threads", gunicorn.threads.to_string()));
            let unset = match fidelity {
                Fidelity::Textbook => Accept::Shared,
                Fidelity::Calibrated => Accept::Skewed,
            };
            let little = gunicorn.threads + 1;
            if gunicorn.workers > 1 && gunicorn.accept.unwrap_or(unset) == Accept::Shared {
                // The run had one line; real workers share one if they accept little.
                connections = connections.min(little);
            } else if gunicorn.workers > 1 && connections > little {
                cure = Some(little);
            }
            if connections <= little {
                // Connections that are kept open would count.
                settings.push(("keepalive", "0".to_owned()));
            }
        }
        WorkerClass::Gevent => settings.push(("worker_class", "gevent".to_owned())),
        WorkerClass::Asgi => settings.push(("worker_class", "asgi".to_owned())),
    }
    let caps = matches!(class, WorkerClass::Gthread | WorkerClass::Gevent);
    if caps && connections != default.worker_connections {
        settings.push(("worker_connections", connections.to_string()));
    }
    if gunicorn.backlog != default.backlog && class != WorkerClass::Asgi {
        settings.push(("backlog", gunicorn.backlog.to_string()));
    }
    if gunicorn.timeout_s != default.timeout_s {
        settings.push(("timeout", gunicorn.timeout_s.to_string()));
    }
    (settings, cure)
}

fn event_loop_snippets(event_loop: &EventLoop, scenario: &Scenario) -> Vec<Snippet> {
    let command = run(scenario, "uvicorn");
    let mut snippets = vec![Snippet {
        title: "Command line",
        language: "bash",
        code: match event_loop.loops {
            1 => format!("{command} app:app\n"),
            loops => format!("{command} app:app --workers {loops}\n"),
        },
    }];
    let pool = scenario.workload.pool_size;
    let in_threads = event_loop.handlers == Handlers::Sync;
    let limit = Some(event_loop.thread_limit)
        .filter(|limit| in_threads && *limit != EventLoop::default().thread_limit);
    // def handlers cannot await a pool of the loop's.
    let pool_of_loop = pool.filter(|_| !in_threads);
    if limit.is_some() || pool_of_loop.is_some() {
        snippets.push(lifespan(limit, pool_of_loop));
    }
    if in_threads && let Some(size) = pool {
        snippets.push(engine(size));
    }
    snippets
}

/// What a process of an ASGI application sets up before its first request.
fn lifespan(thread_limit: Option<u32>, pool_size: Option<u32>) -> Snippet {
    let mut imports = String::new();
    let mut body = String::new();
    if let Some(limit) = thread_limit {
        imports.push_str("import anyio.to_thread\n");
        body.push_str(&format!(
            "    anyio.to_thread.current_default_thread_limiter().total_tokens = {limit}\n"
        ));
    }
    match pool_size {
        Some(size) => {
            imports.push_str("import asyncpg\n");
            // asyncpg refuses a min_size above max_size, and its default is 10.
            let min = size.min(10);
            body.push_str(&format!(
                "    async with asyncpg.create_pool(DSN, min_size={min}, max_size={size}) as pool:\n        \
                 app.state.pool = pool\n        yield\n"
            ));
        }
        None => body.push_str("    yield\n"),
    }
    Snippet {
        title: "Application",
        language: "python",
        code: format!(
            "from contextlib import asynccontextmanager\n\n{imports}from fastapi import FastAPI\n\n\n\
             @asynccontextmanager\nasync def lifespan(app: FastAPI):\n{body}\n\n\
             app = FastAPI(lifespan=lifespan)\n"
        ),
    }
}

/// A connection pool for code that blocks.
fn engine(size: u32) -> Snippet {
    Snippet {
        title: "Connection pool",
        language: "python",
        code: format!(
            "from sqlalchemy import create_engine\n\n\
             engine = create_engine(URL, pool_size={size}, max_overflow=0)\n"
        ),
    }
}

fn executor_snippet(executor: &Executor, scenario: &Scenario) -> Snippet {
    let class = match executor.pool {
        PoolKind::Thread => "ThreadPoolExecutor",
        PoolKind::Process => "ProcessPoolExecutor",
    };
    let build = if scenario.machine.gil {
        ""
    } else {
        "# Run with python3.14t, the free-threaded build.\n"
    };
    let max_workers = executor.max_workers;
    Snippet {
        title: "Script",
        language: "python",
        // The guard is for processes that import the script again.
        code: format!(
            "{build}from concurrent.futures import {class}, as_completed\n\n\
             if __name__ == \"__main__\":\n    \
             with {class}(max_workers={max_workers}) as pool:\n        \
             futures = [pool.submit(call, item) for item in items]\n        \
             for future in as_completed(futures):\n            \
             print(future.result())\n"
        ),
    }
}

/// The server's command; a free-threaded build is a Python of its own.
fn run(scenario: &Scenario, server: &str) -> String {
    if scenario.machine.gil {
        server.to_owned()
    } else {
        format!("python3.14t -m {server}")
    }
}
