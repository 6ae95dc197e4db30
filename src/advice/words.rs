//! Advice in sentences. What stands between backticks is code.

use super::candidate::MOST_THREADS;
use super::demand::{PLANNED, is_tight, planned};
use super::trial::Part;
use super::{Advice, Code, Demand, Family, Obstacle, Trial, Verdict, best};
use crate::scenario::Spread;
use crate::words::{count, fixed, grouped, milliseconds};

/// A target less than so many times as long as the work alone leaves little room.
const ROOM: f64 = 1.1;

impl Advice {
    /// What to do, in one sentence.
    pub fn headline(&self) -> String {
        match (&self.pick, &self.obstacle) {
            (Some(pick), _) => format!("Run `{}`", pick.candidate.capped_command()),
            (None, Some(Obstacle::Cpu { .. })) => "The bottleneck is the CPU".to_owned(),
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
                reasons.push(self.cost(pick));
                reasons.extend(self.little_room());
                reasons.extend(remark(pick));
                reasons.extend(self.connections(pick));
            }
            (None, Some(obstacle)) => reasons.push(self.remedy(obstacle)),
            (None, None) => {}
        }
        reasons.extend(self.rivals.iter().filter_map(|rival| self.compare(rival)));
        reasons
    }

    /// The rule that decided.
    fn rule(&self, pick: &Trial) -> &'static str {
        let (demand, candidate) = (&self.demand, pick.candidate);
        let slots = planned(demand.in_progress());
        let cores = planned(demand.computing()).max(demand.machine.cores.into());
        let pools = demand.workload.pool_size.is_some() && candidate.family != Family::Sync;
        match candidate.family {
            _ if pools && f64::from(candidate.processes) > cores.max(2.0) => {
                "Each process brings a pool of its own, which takes so many."
            }
            _ if demand.computes() && candidate.processes == demand.least_processes() => {
                "Rule 1: computing is most of the time, so a process a core, at least two."
            }
            Family::Sync if demand.computes() => "Rule 2: memory has room for a worker a slot.",
            Family::Sync => {
                "Rule 2: most of the time is waiting, and memory has room for a worker a slot."
            }
            Family::EventLoop if demand.code == Code::Async => {
                "Async code runs on event loops: as many as it needs cores, and at least two."
            }
            Family::Gthread if slots > f64::from(demand.fit) => {
                "Rule 3: a few hundred slots, more than workers fit in memory, are threads."
            }
            Family::EventLoop | Family::Gevent if slots > f64::from(MOST_THREADS) => {
                "Rule 4: this takes more slots than threads are good for."
            }
            _ => "No setting of an earlier rule is in time.",
        }
    }

    fn cost(&self, pick: &Trial) -> String {
        // Where the rule does not say so: one would do, but for that.
        let demand = &self.demand;
        let one = pick.candidate.processes == 2 && planned(demand.in_progress()) < 2.0;
        let spare = match one && !demand.computes() && demand.code != Code::Async {
            true => " Two, so that one may fail.",
            false => "",
        };
        format!(
            "{}{spare} Its p95 is {}, {}, and it takes about {}\u{a0}MiB before your own code.",
            self.rule(pick),
            milliseconds(pick.p95()),
            busy(pick),
            fixed(pick.memory(), 0),
        )
    }

    /// That the target is hardly above what the work alone takes, if so.
    fn little_room(&self) -> Option<String> {
        let demand = &self.demand;
        (self.alone_ms * ROOM > demand.target_p95_ms).then(|| {
            format!(
                "With nothing in the way {}: a target of {} leaves little room for waiting in line.",
                takes(self.alone_ms, demand),
                milliseconds(demand.target_p95_ms)
            )
        })
    }

    /// What the pools of all processes may open together: no more than there are slots.
    fn connections(&self, pick: &Trial) -> Option<String> {
        let (size, processes) = (self.demand.workload.pool_size?, pick.candidate.processes);
        Some(format!(
            "Together its {processes} pools may open {}: the database has to allow that many, beside \
             whatever else uses it.",
            count(
                grouped(
                    (f64::from(size) * f64::from(processes)).min(pick.candidate.slots().into())
                ),
                "connection"
            ),
        ))
    }

    /// What would have to change.
    fn remedy(&self, obstacle: &Obstacle) -> String {
        let demand = &self.demand;
        let (rate, target) = (demand.rate(), milliseconds(demand.target_p95_ms));
        match obstacle {
            Obstacle::Cpu { computing } => {
                let cores = demand.machine.cores;
                // What a request may compute beside what the server does for it.
                let left = PLANNED * f64::from(cores) - (computing - demand.computing());
                let less = match left > 0.0 {
                    true => format!(
                        "; or less than {} of CPU time a request",
                        milliseconds(left * 1e3 / rate)
                    ),
                    false => String::new(),
                };
                format!(
                    "With what the server computes itself, that keeps {} busy, and the machine has {cores}. {}No setting \
                     makes computing faster. It takes {} at least, headroom included{less}; or a task queue for the work.",
                    count(decimal(*computing), "core"),
                    self.in_time().map_or(String::new(), barely),
                    count(grouped(planned(*computing)), "core"),
                )
            }
            Obstacle::Pool { freed } => {
                let processes = freed.candidate.processes;
                let size = demand.workload.pool_size.unwrap_or(0);
                let enough = planned(demand.waiting() / f64::from(processes));
                format!(
                    "The calls keep {} busy on average, and `{}` with {size} in each \
                     process has {}. With a connection for every call its p95 would be {}. Give \
                     each process about {}, if the database allows {} in all.",
                    count(decimal(demand.waiting()), "connection"),
                    freed.candidate.command(),
                    processes * size,
                    milliseconds(freed.p95()),
                    grouped(enough),
                    grouped(enough * f64::from(processes)),
                )
            }
            Obstacle::Work { p95_ms } => {
                let takes = takes(*p95_ms, demand);
                let remedy = match demand.workload.spread {
                    Spread::Constant => "requests shorter",
                    _ => "the slow ones faster",
                };
                format!(
                    "With nothing in the way {takes}. No server answers within {target}: make \
                     {remedy}, or set a target above that."
                )
            }
            Obstacle::Queue { p95_ms } => match (self.in_time(), self.nearest()) {
                (Some(in_time), _) => {
                    let remedy = match in_time.load.part {
                        Part::Slots => "Room for more of them, or less load, gives it some.",
                        Part::Cpu => "More cores or less load give it some.",
                        Part::Pool => "A larger pool or less load gives it some.",
                    };
                    barely(in_time) + remedy
                }
                (None, Some(near)) => format!(
                    "The nearest setting is `{}`: p95 {}, where the work alone takes {}. The rest \
                     is the server and the line. {}",
                    near.candidate.capped_command(),
                    milliseconds(near.p95()),
                    milliseconds(*p95_ms),
                    match p95_ms * ROOM > demand.target_p95_ms {
                        true => "The target leaves little room for that.",
                        false => "More cores or less load make the line shorter.",
                    }
                ),
                (None, None) => {
                    "Nothing that was tried can carry this load. Spread it over several \
                         machines."
                        .to_owned()
                }
            },
        }
    }

    /// The usable setting that is in time, but too busy to be recommended; the fastest of several.
    fn in_time(&self) -> Option<&Trial> {
        let usable = |trial: &&Trial| trial.candidate.family.runs(self.demand.code);
        let tight = self.trials.iter().filter(usable);
        let tight = tight.filter(|trial| trial.verdict == Verdict::Tight);
        tight.min_by(|a, b| a.p95().total_cmp(&b.p95()))
    }

    /// The usable setting that comes closest, where none will do.
    fn nearest(&self) -> Option<&Trial> {
        best(&self.trials, |family| family.runs(self.demand.code))
            .filter(|trial| !is_tight(trial.load.busy))
    }
}

/// That a setting is in time, but too busy.
fn barely(trial: &Trial) -> String {
    format!(
        "`{}` is in time, with a p95 of {}, but has no headroom: {}. ",
        trial.candidate.capped_command(),
        milliseconds(trial.p95()),
        busy(trial),
    )
}

/// What 95 requests of 100 take at most.
fn takes(p95_ms: f64, demand: &Demand) -> String {
    let work = milliseconds(p95_ms);
    match demand.workload.spread {
        Spread::Constant => format!("a request takes {work}"),
        _ => format!("5 requests of 100 take over {work}"),
    }
}

/// What the workload needs, by Little's law.
fn needs(demand: &Demand) -> String {
    let (io, cpu) = (demand.workload.io_ms, demand.workload.cpu_ms);
    let (slots, cores) = (planned(demand.in_progress()), planned(demand.computing()));
    format!(
        "{} a second of {}, {} of it computing, keep {} in progress and {} busy on average. With \
         headroom that is {} and {}.",
        count(decimal(demand.rate()), "request"),
        milliseconds(io + cpu),
        milliseconds(cpu),
        decimal(demand.in_progress()),
        count(decimal(demand.computing()), "core"),
        count(grouped(slots), "slot"),
        count(grouped(cores), "core"),
    )
}

/// Its busiest part.
pub(super) fn busy(trial: &Trial) -> String {
    let part = match trial.load.part {
        Part::Slots => "its slots are",
        Part::Cpu => "the cores it can use are, with the server's own work,",
        Part::Pool => "its connections are",
    };
    format!("{part} {}\u{a0}% busy", fixed(trial.load.busy * 100.0, 0))
}

/// What else the reader should know of the pick.
fn remark(pick: &Trial) -> Option<String> {
    let candidate = pick.candidate;
    match candidate.family {
        Family::Sync => Some(
            "Workers share one fair line, and `timeout` really limits a request. Put a buffering proxy \
             in front."
                .to_owned(),
        ),
        Family::Gthread => Some(format!(
            "`worker_connections = {}` and `keepalive = 0` keep workers from hoarding. Try them under your \
             own load.",
            candidate.threads + 1
        )),
        Family::Gevent => {
            Some("Every library that waits has to cooperate, drivers included.".to_owned())
        }
        Family::EventLoop => None,
    }
}

/// A number as short as it is telling: `0.3`, `6.3`, `143`, `12,000`.
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
