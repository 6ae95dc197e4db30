//! Runs of real servers, to lay over simulated ones of the same system under the same requests.
//!
//! The page fetches them when the reader asks: a line a case, its key and, behind a tab, the lowest,
//! the middle and the highest of each number over its runs, then the CPU time that a request cost the
//! load generator, and the number of cores.

use super::setup::Case;
#[cfg(any(feature = "hydrate", test))]
use crate::scenario::number;
use crate::scenario::{Arrivals, Fidelity, Machine, Scenario, System, WorkerClass};
use crate::simulation::{self, Nanos, Quantiles, Read, Report};
use crate::words::{fixed, grouped, milliseconds};

/// The file beside the page that holds them.
pub const FILE: &str = "measured.txt";

/// Calibrated runs that a case is held against, here and in the notes.
pub const RUNS: usize = 25;

/// How many numbers a case has.
const NUMBERS: usize = 6;

/// What they are: name, and how a report has it.
const COLUMNS: [(&str, Read); NUMBERS] = [
    ("Done after", |r| r.makespan_ms),
    ("Mean", |r| r.latency_ms.mean),
    ("p50", |r| r.latency_ms.p50),
    ("p95", |r| r.latency_ms.p95),
    ("p99", |r| r.latency_ms.p99),
    (LOST, |r| f64::from(r.failed.all())),
];

/// A number of requests, of which the mean over the runs was noted; the others are times.
const LOST: &str = "Lost, mean of runs";

/// The lowest, the middle and the highest of some runs, in milliseconds or requests; zeros where it was not taken.
pub type Range = [f64; 3];

/// One measured case.
pub struct Record {
    key: String,
    /// By [`COLUMNS`].
    numbers: [Range; NUMBERS],
    /// CPU time of the load generator's for a request, in milliseconds; 0 where there was none.
    client_cpu_ms: f64,
    /// Cores that it was measured on.
    cores: u32,
}

/// All measured cases.
pub struct Reality(Vec<Record>);

/// What makes two scenarios the same to measure: their system, their requests, their Python and a worker that is killed.
fn key(scenario: &Scenario) -> String {
    let mut same = Scenario {
        machine: Machine {
            gil: scenario.machine.gil,
            switch_interval_ms: scenario.machine.switch_interval_ms,
            crash_at_ms: scenario.machine.crash_at_ms,
            crash_worker: scenario.machine.crash_worker,
            ..Machine::default()
        },
        fidelity: Fidelity::Textbook,
        seed: 1,
        ..scenario.clone()
    };
    if let System::Gunicorn(gunicorn) = &mut same.system
        && gunicorn.worker_class == WorkerClass::Sync
        && gunicorn.threads > 1
    {
        gunicorn.worker_class = WorkerClass::Gthread;
    }
    same.to_query()
}

/// The line of a case that was measured.
#[cfg(feature = "ssr")]
pub fn line(scenario: &Scenario, numbers: [Range; NUMBERS]) -> String {
    let numbers = numbers.as_flattened().iter().map(|x| fixed(*x, 1));
    let numbers: Vec<String> = numbers.collect();
    let Machine {
        client_cpu_ms,
        cores,
        ..
    } = scenario.machine;
    let client = fixed(client_cpu_ms, 2);
    format!(
        "{}\t{} {client} {cores}\n",
        key(scenario),
        numbers.join(" ")
    )
}

impl Reality {
    /// Reads the file; lines that make no sense are passed over.
    #[cfg(any(feature = "hydrate", test))]
    pub fn parse(text: &str) -> Self {
        let record = |line: &str| {
            let (key, rest) = line.split_once('\t')?;
            let mut numbers = [[0.0; 3]; NUMBERS];
            let mut read = rest.split(' ').filter_map(number);
            for number in numbers.as_flattened_mut() {
                *number = read.next()?;
            }
            Some(Record {
                key: key.to_owned(),
                numbers,
                client_cpu_ms: read.next()?,
                cores: read.next()? as u32,
            })
        };
        Self(text.lines().filter_map(record).collect())
    }

    /// What was measured of a scenario's system under its requests.
    pub fn find(&self, scenario: &Scenario) -> Option<&Record> {
        let key = key(scenario);
        self.0.iter().find(|record| record.key == key)
    }

    /// Whether any of these was measured.
    pub fn knows<'a>(&self, mut cases: impl Iterator<Item = &'a Case>) -> bool {
        cases.any(|case| self.find(&case.scenario).is_some())
    }

    /// What was measured of each of `cases`, and how far from it are the run that is shown and the middle
    /// of calibrated ones on the machine of the measurement; as a table.
    pub fn table<'a>(&self, cases: impl Iterator<Item = (&'a Case, &'a Report)>) -> String {
        let (mut bodies, mut cores) = (String::new(), 0);
        for (case, report) in cases {
            let Some(record) = self.find(&case.scenario) else {
                continue;
            };
            cores = record.cores;
            bodies.push_str(&format!(
                "<tbody><tr><th scope=\"rowgroup\" colspan=\"4\">{}</th></tr>{}</tbody>",
                case.label,
                record.rows(report, &record.there(&case.scenario))
            ));
        }
        if bodies.is_empty() {
            return "<p>No real server was measured under these settings; the notes list those that were.</p>"
                .to_owned();
        }
        format!(
            "<table><caption>Measured on {cores} cores: the middle of several runs, lowest and \
             highest</caption><thead><tr><td></td><th scope=\"col\">measured</th>\
             <th scope=\"col\">simulated, as shown</th><th scope=\"col\">calibrated on its machine, \
             median of {RUNS}</th></tr></thead>{bodies}</table>"
        )
    }
}

impl Record {
    /// Calibrated runs of the scenario on the machine of the measurement.
    fn there(&self, scenario: &Scenario) -> [Report; RUNS] {
        let mut there = scenario.clone();
        there.fidelity = Fidelity::Calibrated;
        there.machine.cores = self.cores;
        there.machine.client_cpu_ms = self.client_cpu_ms;
        there.machine.context_switch_us = 0.0;
        std::array::from_fn(|i| {
            there.seed = i as u64 + 1;
            simulation::report(&there)
        })
    }

    /// A row for each number that was taken: measured, in a run that is `shown`, and in the middle of those `there`.
    fn rows(&self, shown: &Report, there: &[Report; RUNS]) -> String {
        let mut out = String::new();
        for (&(name, read), [low, middle, high]) in COLUMNS.iter().zip(self.numbers) {
            if high <= 0.0 {
                continue;
            }
            let mut values = there.each_ref().map(|report| (read(report) * 1e6) as Nanos);
            let there = Quantiles::of(&mut values);
            let is_time = name != LOST;
            let write = if is_time { milliseconds } else { grouped };
            let beside = |simulated: f64| {
                let error = match 100.0 * (simulated / middle.max(1e-3) - 1.0) {
                    error if error.abs() < 0.5 => "the same".to_owned(),
                    error if error > 0.0 => format!("{}\u{a0}% more", fixed(error, 0)),
                    error => format!("{}\u{a0}% less", fixed(-error, 0)),
                };
                format!("<td>{}, {error}</td>", write(simulated))
            };
            let range = match is_time {
                true => format!(" {} to {}", write(low), write(high)),
                false => String::new(),
            };
            out.push_str(&format!(
                "<tr><th scope=\"row\">{name}</th><td><b>{}</b>{range}</td>{}{}</tr>",
                write(middle),
                beside(read(shown)),
                beside(if is_time { there.p50 } else { there.mean })
            ));
        }
        out
    }

    /// When the last request was over.
    pub fn makespan(&self) -> Range {
        self.numbers[0]
    }

    /// How long the faster part of the requests took at most, for some parts; of a burst also when so
    /// many were answered.
    pub fn quantiles(&self) -> impl Iterator<Item = (f64, Range)> {
        let parts = [0.5, 0.95, 0.99]
            .into_iter()
            .zip(self.numbers[2..5].iter().copied());
        parts.filter(|(_, [.., high])| *high > 0.0)
    }
}

/// Whether all requests arrive at once, so that a latency is also a time.
pub fn is_burst(scenario: &Scenario) -> bool {
    scenario.workload.arrivals == Arrivals::Burst
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::scenario::Gunicorn;

    fn scenario(gunicorn: Gunicorn) -> Scenario {
        Scenario::new(System::Gunicorn(gunicorn))
    }

    #[test]
    fn a_record_is_found_by_its_system_and_requests_whatever_the_machine() {
        let of = |worker_class| Gunicorn {
            workers: 4,
            threads: 2,
            worker_class,
            ..Gunicorn::default()
        };
        let numbers = [[1.0, 2.5, 3.0]; NUMBERS];
        let text = line(&scenario(of(WorkerClass::Gthread)), numbers) + "broken\nx\t1 2\n";
        let reality = Reality::parse(&text);
        let mut asked = scenario(of(WorkerClass::Sync));
        asked.machine.cores = 2;
        asked.fidelity = Fidelity::Calibrated;
        asked.seed = 9;
        let record = reality.find(&asked).expect("the same to measure");
        assert_eq!(record.makespan(), [1.0, 2.5, 3.0]);
        asked.workload.requests = 999;
        assert!(reality.find(&asked).is_none());
    }

    #[test]
    fn where_a_worker_was_killed_calibrated_runs_lose_it_too() {
        let killed = |at, worker| {
            let mut scenario = scenario(Gunicorn {
                workers: 2,
                ..Gunicorn::default()
            });
            scenario.workload.requests = 20;
            scenario.workload.io_ms = 500.0;
            scenario.machine.crash_at_ms = at;
            scenario.machine.crash_worker = worker;
            scenario
        };
        let measured = killed(Some(250.0), 0);
        let reality = Reality::parse(&line(&measured, [[1.0, 2.0, 3.0]; NUMBERS]));
        let record = reality.find(&measured).expect("it was measured");
        for report in record.there(&measured) {
            assert_eq!(report.failed.crashed, 1);
        }
        for other in [
            killed(None, 0),
            killed(Some(300.0), 0),
            killed(Some(250.0), 1),
        ] {
            assert!(reality.find(&other).is_none());
        }
    }
}
