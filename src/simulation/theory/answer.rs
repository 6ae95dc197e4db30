//! Which formula holds for a scenario, and its value, or why none does.

use super::closed::closed_network;
use super::formulas::*;
use super::interval::SHORTEST;
use crate::plan::Plan;
use crate::{Report, models};
use scenario::*;

/// What theory says of one number of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theory {
    /// The formula's name, such as "M/M/c, by Erlang C".
    pub formula: &'static str,
    pub measure: Measure,
    /// In milliseconds, or requests per second.
    pub value: f64,
    /// What it is to the simulated number: its long-run mean or exact value, or a bound.
    pub bound: Bound,
    /// Requests that an [`interval`](super::interval()) takes: so many that the queue forgets often enough what it was, and that
    /// enough of them wait. 0 for what is exact or a bound.
    pub least: f64,
}

/// How a value of theory relates to the simulated one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Equal on every run.
    Exact,
    /// Equal in the mean over long runs.
    Mean,
    /// Never below it.
    AtLeast,
    /// In the long run never above it.
    AtMost,
}

/// A number of the report that theory speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Makespan,
    MeanWait,
    MeanLatency,
    Throughput,
}

impl Measure {
    /// The simulated value.
    pub fn of(self, report: &Report) -> f64 {
        match self {
            Self::Makespan => report.makespan_ms,
            Self::MeanWait => report.wait_ms.mean,
            Self::MeanLatency => report.latency_ms.mean,
            Self::Throughput => report.throughput_rps,
        }
    }
}

/// A system that is some servers behind queues.
struct Station {
    /// Separate queues that arrivals are split among at random.
    queues: u32,
    /// Servers behind each queue; `u32::MAX` = as many as come.
    servers: u32,
    /// Mean service time in milliseconds, and its coefficient of variation.
    service: f64,
    cv: f64,
    exponential: bool,
    /// Whether the wait for a server is the report's wait; if not, it comes after the start.
    waits_first: bool,
}

/// What theory says of a scenario, or in a sentence why it says nothing.
pub fn theory(scenario: &Scenario) -> Result<Theory, &'static str> {
    let (workload, machine) = (&scenario.workload, &scenario.machine);
    if scenario.fidelity == Fidelity::Calibrated {
        return Err("no formula has the costs and delays of real servers: calibrated runs only");
    }
    if machine.client_cpu_ms > 0.0 || machine.context_switch_us > 0.0 {
        return Err("no formula has a load generator or switches that take CPU time");
    }
    if workload.heavy_every.is_some() {
        return Err("no formula has a few requests that compute for long");
    }
    if workload.client_timeout_ms.is_some() || machine.crash_at_ms.is_some() {
        return Err("no formula has clients that give up or workers that die");
    }
    let plan = models::plan(&scenario.system, scenario.fidelity);
    // Where times vary longer than ten times the mean is rare enough.
    let tail = match workload.spread {
        Spread::Constant => 1e6,
        _ => 1e7,
    };
    // Processes that share cores take longer.
    let shares = (f64::from(plan.processes) / f64::from(machine.cores)).max(1.0);
    let longest = (workload.io_ms + workload.cpu_ms * shares) * tail;
    if plan.backlog < workload.requests || plan.watch.is_some_and(|w| longest > w.timeout as f64) {
        return Err("no formula has requests that a limit cuts off");
    }
    let station = station(scenario, &plan);
    if workload.arrivals == Arrivals::Burst {
        return burst(scenario, &plan, station.ok());
    }
    let station = station?;
    if station.service == 0.0 {
        return Err("nothing takes any time");
    }
    match workload.arrivals {
        Arrivals::Closed { clients, think_ms } => closed(&station, clients, think_ms),
        Arrivals::Poisson { rate_per_s } => poisson(&station, rate_per_s / 1e3),
        Arrivals::Paced { rate_per_s } => paced(&station, rate_per_s / 1e3),
        Arrivals::Burst => Err("a burst has a makespan, no long run"),
    }
}

/// The system as servers behind queues, if it is that.
fn station(scenario: &Scenario, plan: &Plan) -> Result<Station, &'static str> {
    let (workload, machine) = (&scenario.workload, &scenario.machine);
    let (io, cpu) = (workload.io_ms, workload.cpu_ms);
    let early = plan.accept != Accept::Shared && plan.processes > 1;
    if early && plan.shares.is_some() {
        return Err("shares that are drawn anew for each run make no formula");
    }
    let (queues, processes) = if early {
        (plan.processes, 1)
    } else {
        (1, plan.processes)
    };
    let threads = plan.threads.unwrap_or(plan.room);
    let slots = threads.saturating_mul(plan.processes);
    let fits = plan.processes <= machine.cores;
    let (each, pooled) = match workload.pool_size {
        Some(pool) if pool < threads && io > 0.0 => (pool, true),
        _ => (threads, false),
    };
    let alone = queues * processes == 1;
    let (servers, waits_first) = match (io > 0.0, cpu > 0.0) {
        (_, false) if pooled && !(alone && workload.io_calls == 1) => {
            return Err("several queues for connections are more than one formula");
        }
        (_, false) => (each.saturating_mul(processes), !pooled),
        (_, true) if pooled && io > 0.0 => {
            return Err("CPU time and a connection pool are two queues in a row");
        }
        (_, true) if plan.threads == Some(1) && fits => (processes, true),
        (false, true) if plan.threads.is_none() && alone => (1, true),
        (_, true) if plan.threads.is_some() && !machine.gil && slots <= machine.cores => {
            (each * processes, true)
        }
        (_, true) if plan.threads == Some(1) => {
            return Err("more processes than cores share them, and no simple formula has both");
        }
        (_, true) if plan.threads.is_some() => {
            return Err("threads take turns at the GIL or share cores while they serve");
        }
        _ => return Err("requests come back to the loop between their waits"),
    };
    let own = match workload.spread {
        Spread::Constant => 0.0,
        Spread::Exponential | Spread::Lognormal => 1.0,
    };
    let service = io + cpu;
    // Wait and CPU time vary independently.
    let one_of_them = (io * io + cpu * cpu).sqrt() / service.max(f64::MIN_POSITIVE);
    Ok(Station {
        queues,
        servers,
        service,
        cv: own * one_of_them,
        exponential: workload.spread == Spread::Exponential && (io == 0.0 || cpu == 0.0),
        waits_first,
    })
}

impl Station {
    /// A mean wait for a server, as the report sees it.
    fn wait(&self, formula: &'static str, wait: f64) -> Theory {
        let (measure, value) = match self.waits_first {
            true => (Measure::MeanWait, wait),
            false => (Measure::MeanLatency, wait + self.service),
        };
        Theory {
            formula,
            measure,
            value,
            bound: Bound::Mean,
            least: 0.0,
        }
    }
}

/// Relaxation times of its queue that a run takes before batches of it are nearly independent of each other, if all
/// requests wait; where fewer do, as many times more.
const FORGETS: f64 = 150.0;

/// Requests that wait for a server, before the mean wait is known at all.
const WAITING: f64 = 300.0;

/// Requests of each client of a closed network.
const ROUNDS: f64 = 40.0;

/// Why nothing is said of an open loop that asks too much.
const OVERLOAD: &str = "more arrives than can be served: the queue grows";

/// Poisson arrivals, `rate` a millisecond.
fn poisson(station: &Station, rate: f64) -> Result<Theory, &'static str> {
    let (servers, service) = (station.servers, station.service);
    let rate = rate / f64::from(station.queues);
    if servers == u32::MAX {
        let nobody = station.wait("M/G/∞: nobody waits", 0.0);
        let bound = Bound::Exact;
        return Ok(Theory { bound, ..nobody });
    }
    if rate * service >= f64::from(servers) {
        return Err(OVERLOAD);
    }
    let theory = if station.exponential {
        let name = match servers {
            1 => "M/M/1, by Erlang C",
            _ => "M/M/c, by Erlang C",
        };
        station.wait(name, mean_wait_mmc(servers, rate, service))
    } else if servers == 1 {
        let name = match station.cv {
            0.0 => "M/D/1, by Pollaczek and Khinchine",
            _ => "M/G/1, by Pollaczek and Khinchine",
        };
        station.wait(name, mean_wait_mg1(rate, service, station.cv))
    } else {
        return Err(
            "several servers have a simple formula only where service times are exponential",
        );
    };
    let memory = relaxation(servers, rate, service, station.cv) * rate * f64::from(station.queues);
    // With one server that is its utilisation.
    let wait = erlang_c(servers, rate * service);
    Ok(Theory {
        least: SHORTEST.max((FORGETS * memory + WAITING) / wait),
        ..theory
    })
}

/// Equal gaps, `rate` requests a millisecond.
fn paced(station: &Station, rate: f64) -> Result<Theory, &'static str> {
    let servers = f64::from(station.servers) * f64::from(station.queues);
    if rate * station.service > servers {
        return Err(OVERLOAD);
    }
    if station.cv == 0.0 && station.queues == 1 {
        let nobody = station.wait("D/D/c: nobody waits", 0.0);
        let bound = Bound::Exact;
        return Ok(Theory { bound, ..nobody });
    }
    Err(
        "arrivals at equal gaps have a formula only where service times are equal and there is one line",
    )
}

/// `clients` that think for `think` milliseconds.
fn closed(station: &Station, clients: u32, think: f64) -> Result<Theory, &'static str> {
    let servers = station.servers.min(clients);
    if station.queues > 1 {
        return Err("clients that fall to a worker at random see several queues");
    }
    if station.exponential && f64::from(clients) * f64::from(servers) <= 1e7 {
        let value = closed_network(clients, think, servers, station.service).response;
        // All begin at once, and long equal pauses keep them together until waits have spread them.
        let together = (think / value) * (think / value) / 10.0;
        return Ok(Theory {
            formula: "a closed network, by mean value analysis",
            measure: Measure::MeanLatency,
            value,
            bound: Bound::Mean,
            least: SHORTEST.max(f64::from(clients) * (ROUNDS + together)),
        });
    }
    Ok(Theory {
        formula: "the least of what clients ask for and servers give",
        measure: Measure::Throughput,
        value: closed_throughput_bound(clients, think, servers, station.service) * 1e3,
        bound: Bound::AtMost,
        least: 0.0,
    })
}

/// Everything at once.
fn burst(
    scenario: &Scenario,
    plan: &Plan,
    station: Option<Station>,
) -> Result<Theory, &'static str> {
    let (workload, machine) = (&scenario.workload, &scenario.machine);
    if workload.spread != Spread::Constant {
        return Err("a burst's makespan depends on what is drawn, no formula has it");
    }
    let (n, io, cpu) = (workload.requests, workload.io_ms, workload.cpu_ms);
    let exactly = |value| Theory {
        formula: "waves: requests over servers, rounded up",
        measure: Measure::Makespan,
        value,
        bound: Bound::Exact,
        least: 0.0,
    };
    if let Some(station) = station.filter(|station| station.queues == 1) {
        return Ok(exactly(burst_makespan(n, station.servers, station.service)));
    }
    let at_once = match machine.gil || plan.threads.is_none() {
        true => machine.cores.min(plan.processes),
        false => machine.cores,
    };
    let slots = plan
        .threads
        .unwrap_or(plan.room)
        .saturating_mul(plan.processes);
    let bounds = [
        (
            "all CPU time, over what can compute at once",
            f64::from(n) * cpu / f64::from(at_once),
        ),
        (
            "waves of as many as the server takes",
            burst_makespan(n, slots, io + cpu),
        ),
        (
            "waves of as many as have a connection",
            workload.pool_size.map_or(0.0, |pool| {
                let calls = workload.io_calls;
                let pool = pool.saturating_mul(plan.processes);
                burst_makespan(n * calls, pool, io / f64::from(calls))
            }),
        ),
    ];
    let mut tightest = bounds[0];
    for bound in bounds {
        if bound.1 > tightest.1 {
            tightest = bound;
        }
    }
    Ok(Theory {
        formula: tightest.0,
        value: tightest.1,
        bound: Bound::AtLeast,
        ..exactly(0.0)
    })
}
