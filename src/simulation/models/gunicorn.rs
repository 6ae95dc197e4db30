//! A pre-fork Gunicorn server and its worker classes.

use crate::scenario::{Accept, Gunicorn, WorkerClass};
use crate::simulation::memory;
use crate::simulation::plan::Plan;

pub(crate) fn plan(gunicorn: &Gunicorn) -> Plan {
    let mut notes = Vec::new();
    let threads = gunicorn.threads;
    // Gunicorn's own rule: `config.py` swaps the class when `sync` is given threads.
    let class = match gunicorn.worker_class {
        WorkerClass::Sync if threads > 1 => {
            notes.push(format!(
                "worker_class 'sync' with {threads} threads runs as gthread"
            ));
            WorkerClass::Gthread
        }
        class => class,
    };
    let (threads, room, footprint) = match class {
        WorkerClass::Sync | WorkerClass::Gthread => (Some(threads), 0, memory::GUNICORN),
        WorkerClass::Gevent => (None, gunicorn.worker_connections, memory::GEVENT),
        WorkerClass::Asgi => (None, u32::MAX, memory::ASGI),
    };
    if threads.is_none() {
        notes.extend(ignored(gunicorn, class));
    }
    if gunicorn.async_views {
        notes.push(
            match threads {
                Some(_) => {
                    "each async view occupies its thread until it returns, so async_views does \
                     not change how many requests are handled at once"
                }
                None => "async_views is for workers with threads and changes nothing here",
            }
            .into(),
        );
    }
    Plan {
        processes: gunicorn.workers,
        threads,
        room,
        accept: gunicorn.accept.unwrap_or(Accept::Shared),
        footprint,
        notes,
    }
}

/// Settings that a class without threads does not use.
fn ignored(gunicorn: &Gunicorn, class: WorkerClass) -> impl Iterator<Item = String> {
    let name = if class == WorkerClass::Asgi {
        "asgi"
    } else {
        "gevent"
    };
    let threads = (gunicorn.threads > 1).then(|| {
        format!(
            "worker_class '{name}' ignores threads = {}",
            gunicorn.threads
        )
    });
    let default = Gunicorn::default().worker_connections;
    let connections =
        (class == WorkerClass::Asgi && gunicorn.worker_connections != default).then(|| {
            format!(
                "worker_class '{name}' does not enforce worker_connections = {}",
                gunicorn.worker_connections
            )
        });
    threads.into_iter().chain(connections)
}
