//! A load-test script and the service that it tests: the same run from both ends.

use super::{gunicorn, look};
use crate::parts::{CLIENTS, Case, Figure, Look, Setup, bands};
use crate::scenario::{Arrivals, Fidelity, System};
use crate::words::{fixed, milliseconds};

pub(in crate::figures) const FIGURE: Figure = Figure {
    name: "load-test",
    wide: false,
    setup: || {
        let service = || System::Gunicorn(gunicorn(4, 2));
        Setup::new(
            vec![
                Case::new(CLIENTS, "The script", service()),
                Case::new("service", "The service", service()),
            ],
            |scenario| {
                scenario.workload.requests = 240;
                scenario.workload.arrivals = Arrivals::Closed {
                    clients: 20,
                    think_ms: 0.0,
                };
                scenario.machine.cores = 2;
                // What one `requests.get` costs the script, measured.
                scenario.machine.client_cpu_ms = 1.5;
                scenario.fidelity = Fidelity::Calibrated;
            },
        )
    },
    show: |name, start, place| {
        let look = Look {
            by_lane: true,
            height: 96.0,
            fields: &[
                ("clients", Some(60.0)),
                ("workers", Some(16.0)),
                ("threads", Some(16.0)),
                ("io_ms", Some(300.0)),
                ("requests", Some(1000.0)),
                ("worker_connections", Some(20.0)),
            ],
            ..look("Both ends of a load test", |stage| {
                let runs = stage.runs.read();
                let (case, run) = runs.at(0);
                let (scenario, report) = (&case.scenario, &run.report);
                let (rate, mean) = (report.throughput_rps, report.latency_ms.mean);
                let waiting = rate * mean / 1e3;
                let clients = match scenario.workload.arrivals {
                    Arrivals::Closed { clients, .. } => f64::from(clients),
                    _ => waiting,
                };
                // How busy the script itself is.
                let busy = rate * scenario.machine.client_cpu_ms / 1e3;
                let end = match clients - waiting > 0.05 {
                    true if busy > 0.5 => ", as the script is busy itself",
                    true => ", as in the end clients have nothing to ask",
                    false => "",
                };
                (
                    format!(
                        "{} requests a second, and nobody asked for more.",
                        fixed(rate, 0)
                    ),
                    format!(
                        "A client sends when it has its answer, so throughput times mean latency, \
                         {} a second times {}, is how many clients wait on average: {} of {}{end}. When \
                         the service slows down, the script asks less of it.",
                        fixed(rate, 0),
                        milliseconds(mean),
                        fixed(waiting, 1),
                        fixed(clients, 0)
                    ),
                )
            })
        };
        bands(name, start, place, look)
    },
};
