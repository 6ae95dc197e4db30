//! Advice in sentences. What stands between backticks is code.

use super::trial::{MOST_BUSY, Part};
use super::{Advice, Demand, Family, Obstacle, Trial, Verdict};
use crate::words::{fixed, grouped, milliseconds};

/// The share of slots, cores or connections that is planned to be busy.
const PLANNED: f64 = 0.7;

impl Advice {
    /// What to do, in one sentence.
    pub fn headline(&self) -> String {
        match (&self.pick, &self.obstacle) {
            (Some(pick), _) => format!("Run `{}`", pick.candidate.command()),
            (None, Some(Obstacle::Cpu)) => "The bottleneck is the CPU".to_owned(),
            (None, Some(Obstacle::Pool { .. })) => {
                "The bottleneck is the connection pool".to_owned()
            }
            (None, Some(Obstacle::Work { .. })) => "The bottleneck is the work itself".to_owned(),
            (None, _) => "The bottleneck is waiting in line".to_owned(),
        }
    }

    /// Why, a sentence or two each.
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = vec![needs(&self.demand)];
        match (&self.pick, &self.obstacle) {
            (Some(pick), _) => {
                reasons.extend([self.cost(pick), remark(pick)].into_iter().flatten())
            }
            (None, Some(obstacle)) => reasons.push(self.remedy(obstacle)),
            (None, None) => {}
        }
        reasons.extend(self.rivals.iter().filter_map(|rival| self.compare(rival)));
        reasons
    }

    fn cost(&self, pick: &Trial) -> Option<String> {
        let runs = |trial: &&Trial| trial.candidate.family.runs(self.demand.code);
        let good = |trial: &&Trial| trial.verdict == Verdict::Good;
        let target = milliseconds(self.demand.target_p95_ms);
        let place = match self.trials.iter().filter(runs).filter(good).count() {
            1 => format!("It is the one setting that meets {target}, with"),
            n => format!("Of the {n} settings that meet {target} it takes the least memory,"),
        };
        Some(format!(
            "Its p95 is {} and {}. {place} about {}\u{a0}MB before your own code.",
            milliseconds(pick.p95()),
            busy(pick),
            fixed(pick.memory(), 0),
        ))
    }

    /// What would have to change.
    fn remedy(&self, obstacle: &Obstacle) -> String {
        let demand = &self.demand;
        let (rate, target) = (demand.rate(), milliseconds(demand.target_p95_ms));
        match obstacle {
            Obstacle::Cpu => format!(
                "Computing alone needs {} cores at all times, and there are {}. No setting makes it \
                 faster: give it {} cores, bring the CPU time under {} a request, or move the work to a \
                 task queue.",
                decimal(demand.computing()),
                demand.machine.cores,
                (demand.computing() / PLANNED).ceil() as u64,
                milliseconds(MOST_BUSY * f64::from(demand.machine.cores) * 1e3 / rate),
            ),
            Obstacle::Pool { freed } => {
                let processes = freed.candidate.processes;
                let size = demand.workload.pool_size.unwrap_or(0);
                let enough = (demand.waiting() / PLANNED / f64::from(processes)).ceil() as u64;
                format!(
                    "The calls keep {} connections busy on average, and `{}` with {size} in each \
                     process has {}. With a connection for every call its p95 would be {}. Give \
                     each process about {enough}, if the database allows {} in all.",
                    decimal(demand.waiting()),
                    freed.candidate.command(),
                    processes * size,
                    milliseconds(freed.p95()),
                    enough * u64::from(processes),
                )
            }
            Obstacle::Work { p95_ms } => format!(
                "With nothing in their way, 5 requests of 100 still take longer than {}. No \
                 server answers them within {target}: make the slow ones faster, or set a target \
                 above that.",
                milliseconds(*p95_ms),
            ),
            Obstacle::Queue { p95_ms } => match self.nearest() {
                Some(near) => format!(
                    "The nearest setting is `{}`: p95 {}, where the work alone takes {}. The rest \
                     is waiting in line. More cores or less load make the line shorter.",
                    near.candidate.command(),
                    milliseconds(near.p95()),
                    milliseconds(*p95_ms),
                ),
                None => "Nothing that was tried can carry this load. Spread it over several \
                         machines, or shorten the requests."
                    .to_owned(),
            },
        }
    }

    /// The usable setting that comes closest, where none will do.
    fn nearest(&self) -> Option<&Trial> {
        let runs = |trial: &&Trial| trial.candidate.family.runs(self.demand.code);
        let usable = self.trials.iter().filter(runs);
        usable
            .filter(|trial| trial.load.busy < MOST_BUSY)
            .min_by(|a, b| a.p95().total_cmp(&b.p95()))
    }
}

/// What the workload needs, by Little's law.
fn needs(demand: &Demand) -> String {
    let work = demand.workload.io_ms + demand.workload.cpu_ms;
    format!(
        "{} requests a second of {} keep {} in progress and {} cores computing, on average. With \
         headroom that is {} slots.",
        decimal(demand.rate()),
        milliseconds(work),
        decimal(demand.in_progress()),
        decimal(demand.computing()),
        grouped((demand.in_progress() / PLANNED).ceil()),
    )
}

/// Its busiest part.
pub(super) fn busy(trial: &Trial) -> String {
    let part = match trial.load.part {
        Part::Slots => "its slots are",
        Part::Cpu => "the cores it can use are",
        Part::Pool => "its connections are",
    };
    format!("{part} {}\u{a0}% busy", fixed(trial.load.busy * 100.0, 0))
}

/// What else the reader should know of the pick.
fn remark(pick: &Trial) -> Option<String> {
    let candidate = pick.candidate;
    match candidate.family {
        Family::Sync => Some(
            "Workers that take a request only when idle share one fair line, and `timeout` really \
             limits a request. Put a buffering proxy in front."
                .to_owned(),
        ),
        Family::Gthread => Some(format!(
            "`worker_connections = {}` and `keepalive = 0` would stop the workers from hoarding; \
             the run does without.",
            candidate.threads + 1
        )),
        Family::Gevent => Some("Every library that waits has to cooperate, drivers included.".to_owned()),
        Family::EventLoop if candidate.processes > 1 => Some(
            "The run gives each request to the least busy loop; real loops race for it, less evenly."
                .to_owned(),
        ),
        Family::EventLoop => None,
    }
}

/// A number as short as it is telling: `0.3`, `6.3`, `143`, `1,200`.
pub(super) fn decimal(x: f64) -> String {
    let rounded = if x < 10.0 {
        (x * 10.0).round() / 10.0
    } else {
        x.round()
    };
    if x > 0.0 && rounded < 0.1 {
        return "under 0.1".to_owned();
    }
    grouped(rounded)
}
