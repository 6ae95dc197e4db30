//! A pre-fork Gunicorn server and its worker classes.

use crate::plan::{Death, Plan, SECOND, Watch};
use crate::{calibration, memory};
use scenario::{Accept, Gunicorn, WorkerClass};

/// What the kernel allows a listening socket (`net.core.somaxconn` since Linux 5.4).
const SOMAXCONN: u32 = 4096;

/// What a loop's `create_server` listens with (asyncio and uvloop) where it is not told.
const LOOP_BACKLOG: u32 = 100;

/// Lays it out; `calibrated` with what it costs and how its workers accept on real machines.
pub(crate) fn plan(gunicorn: &Gunicorn, calibrated: bool) -> Plan {
    let mut notes = Vec::new();
    let threads = gunicorn.threads;
    let default = Gunicorn::default();
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
    let cap = gunicorn.worker_connections;
    let (threads, connections, footprint, costs) = match class {
        WorkerClass::Sync => (Some(1), u32::MAX, memory::GUNICORN, &calibration::SYNC),
        WorkerClass::Gthread => (Some(threads), cap, memory::GUNICORN, &calibration::GTHREAD),
        WorkerClass::Gevent => (None, cap, memory::GEVENT, &calibration::GEVENT),
        WorkerClass::Asgi => (None, u32::MAX, memory::ASGI, &calibration::ASGI),
    };
    notes.extend(ignored(gunicorn, class));
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
    // A worker with no more connections than this never runs more threads at once.
    let mut plan = Plan::new(
        gunicorn.workers,
        threads.map(|threads| threads.min(connections)),
        footprint,
    );
    plan.room = connections;
    plan.connections = connections;
    let usual = match class {
        // One worker's queue is the worker's own: it takes no other time, but dies with it.
        WorkerClass::Gthread if gunicorn.workers == 1 => Accept::Random,
        _ if !calibrated || gunicorn.workers == 1 => Accept::Shared,
        WorkerClass::Sync => Accept::Shared,
        WorkerClass::Gthread => Accept::Skewed,
        WorkerClass::Gevent | WorkerClass::Asgi => Accept::Random,
    };
    plan.accept = match gunicorn.accept {
        Some(accept) if class == WorkerClass::Sync => {
            if accept != Accept::Shared {
                notes.push(
                    "worker_class 'sync' accepts only when idle, whatever accept says".into(),
                );
            }
            Accept::Shared
        }
        accept => accept.unwrap_or(usual),
    };
    plan.shares = match plan.accept {
        Accept::Shared => None,
        Accept::Random => calibrated.then_some(calibration::RANDOM),
        Accept::Skewed => Some(calibration::SKEWED),
    };
    // The whiteboard's queue holds any number, unless it is told how many.
    if calibrated || gunicorn.backlog != default.backlog {
        plan.backlog = gunicorn.backlog.min(SOMAXCONN);
    }
    // `workers/gasgi.py` has its loop listen anew, without a `backlog` argument.
    if calibrated && class == WorkerClass::Asgi {
        plan.backlog = LOOP_BACKLOG;
    }
    plan.async_views = gunicorn.async_views && threads.is_some();
    if calibrated {
        plan.extra.0 = costs.herd * (gunicorn.workers - 1);
        if class == WorkerClass::Gthread {
            plan.files = Some(calibration::GTHREAD_FILES);
            plan.selectors = true;
        }
        if plan.async_views {
            plan.extra.1 = calibration::ASYNC_VIEW;
        }
        plan.costs = costs;
    }
    plan.watch = watch(gunicorn, class, &mut notes);
    let respawn = match class {
        WorkerClass::Sync => calibration::SYNC_RESPAWN,
        WorkerClass::Gthread => calibration::GTHREAD_RESPAWN,
        WorkerClass::Gevent => calibration::GEVENT_RESPAWN,
        WorkerClass::Asgi => calibration::ASGI_RESPAWN,
    };
    plan.death = Death::Respawn(u64::from(respawn) * 1_000_000);
    plan.notes = notes;
    plan
}

/// What `timeout` means for a class: silence of the thread that beats.
fn watch(gunicorn: &Gunicorn, class: WorkerClass, notes: &mut Vec<String>) -> Option<Watch> {
    let timeout = u64::from(gunicorn.timeout_s) * SECOND;
    if class == WorkerClass::Gthread && gunicorn.timeout_s != Gunicorn::default().timeout_s {
        notes.push("timeout does not limit requests of gthread: its main thread beats".into());
    }
    // A blocked loop comes to SIGABRT when it is no longer blocked, and ends; SIGKILL follows at the next look. In a hub
    // the signal interrupts the greenlet that runs: as measured, others are answered unless they block it as well.
    let grace = match class {
        WorkerClass::Asgi | WorkerClass::Gevent => SECOND,
        _ => 0,
    };
    (timeout > 0 && class != WorkerClass::Gthread).then_some(Watch {
        timeout,
        grace,
        spares: class == WorkerClass::Gevent,
    })
}

/// Settings that a class does not use, where they are not what they are by default.
fn ignored(gunicorn: &Gunicorn, class: WorkerClass) -> impl Iterator<Item = String> {
    let default = Gunicorn::default();
    let (name, threads, cap, asgi) = match class {
        WorkerClass::Asgi => ("asgi", true, true, true),
        WorkerClass::Gevent => ("gevent", true, false, false),
        WorkerClass::Sync => ("sync", false, true, false),
        WorkerClass::Gthread => ("gthread", false, false, false),
    };
    let connections = (gunicorn.worker_connections, default.worker_connections);
    let settings = [
        (threads, "threads", gunicorn.threads, default.threads),
        (cap, "worker_connections", connections.0, connections.1),
        (asgi, "backlog", gunicorn.backlog, default.backlog),
    ];
    let unused = settings
        .into_iter()
        .filter(|(unused, _, value, usual)| *unused && value != usual);
    unused.map(move |(_, setting, value, _)| {
        format!("worker_class '{name}' ignores {setting} = {value}")
    })
}
