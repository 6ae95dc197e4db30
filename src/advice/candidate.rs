//! The settings that are tried: a few sizes of each family, from Little's law, the cores and the pools.

use super::demand::planned;
use super::{Code, Demand};
use crate::scenario::{EventLoop, Gunicorn, System, WorkerClass};

/// How busy the slots are in other sizes than the planned one, fewest slots first.
const FULL: f64 = 0.85;
const HALF: f64 = 0.5;
const QUARTER: f64 = 0.25;
/// The most processes that a scenario allows.
const MOST_PROCESSES: u32 = 256;
/// A few hundred: more slots than this are not for threads.
pub(super) const MOST_THREADS: u32 = 512;

/// Ways to serve requests, each sized by numbers of its own, in the order of the article's rules:
/// the first that will do is recommended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Sync,
    Gthread,
    EventLoop,
    Gevent,
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub family: Family,
    pub processes: u32,
    /// Threads in each process; 1 where the family has none to set.
    pub threads: u32,
}

impl Family {
    /// Each of them, in the order of the rules.
    pub const ALL: [Self; 4] = [Self::Sync, Self::Gthread, Self::EventLoop, Self::Gevent];

    /// Its name in the page's hooks.
    pub fn id(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Gthread => "gthread",
            Self::Gevent => "gevent",
            Self::EventLoop => "event_loop",
        }
    }

    /// Its name for the reader.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sync => "Processes",
            Self::Gthread => "Threads",
            Self::Gevent => "Greenlets",
            Self::EventLoop => "Event loops",
        }
    }

    /// Whether it runs such code as it is.
    pub fn runs(self, code: Code) -> bool {
        match code {
            Code::Either => true,
            Code::Sync => self != Self::EventLoop,
            Code::Async => self == Self::EventLoop,
        }
    }

    /// The sizes that are tried, smallest first.
    pub(super) fn candidates(self, demand: &Demand) -> Vec<Candidate> {
        let slots = demand.in_progress();
        let least = demand.least_processes().min(demand.fit);
        let cores = demand.machine.cores.clamp(least, demand.fit);
        let candidate = |processes, threads| Candidate {
            family: self,
            processes,
            threads,
        };
        if self == Self::Sync {
            let all = [
                slots / FULL,
                planned(slots),
                slots / HALF,
                slots / QUARTER,
                cores.into(),
            ];
            let sizes = sizes(&all, least, demand.fit);
            return sizes.into_iter().map(|n| candidate(n, 1)).collect();
        }
        // Each process brings a pool of its own.
        let pools = demand
            .workload
            .pool_size
            .map_or(0.0, |size| planned(demand.waiting()) / f64::from(size));
        let most = cores.max((pools.ceil() as u32).min(demand.fit));
        let all = [
            least.into(),
            planned(demand.computing()),
            cores.into(),
            pools,
        ];
        let processes = sizes(&all, least, most);
        let threads = |processes: u32| {
            let all = match self {
                Self::Gthread => [planned(slots), slots / HALF, slots / QUARTER],
                _ => return vec![candidate(processes, 1)],
            };
            let each = all.map(|slots| slots / f64::from(processes));
            let sizes = sizes(&each, 2, (MOST_THREADS / processes).max(2));
            sizes.into_iter().map(|n| candidate(processes, n)).collect()
        };
        processes.into_iter().flat_map(threads).collect()
    }
}

/// These sizes rounded up and kept in bounds, each once.
fn sizes(of: &[f64], least: u32, most: u32) -> Vec<u32> {
    let mut sizes: Vec<u32> = Vec::new();
    for size in of {
        let size = (size.ceil() as u32).clamp(least, most);
        let at = sizes.partition_point(|smaller| *smaller < size);
        if sizes.get(at) != Some(&size) {
            sizes.insert(at, size);
        }
    }
    sizes
}

impl Candidate {
    /// The system that it sets up. Workers with threads are kept from hoarding.
    pub fn system(self) -> System {
        let gunicorn = |worker_class, worker_connections| {
            System::Gunicorn(Gunicorn {
                worker_class,
                workers: self.processes,
                threads: self.threads,
                worker_connections,
                ..Gunicorn::default()
            })
        };
        let most = Gunicorn::default().worker_connections;
        match self.family {
            Family::Sync => gunicorn(WorkerClass::Sync, most),
            Family::Gthread => gunicorn(WorkerClass::Gthread, self.threads + 1),
            Family::Gevent => gunicorn(WorkerClass::Gevent, most),
            Family::EventLoop => System::EventLoop(EventLoop {
                loops: self.processes,
                ..EventLoop::default()
            }),
        }
    }

    /// The command in short: `gunicorn -w 8`.
    pub fn command(self) -> String {
        let (processes, threads) = (self.processes, self.threads);
        match self.family {
            Family::Sync => format!("gunicorn -w {processes}"),
            Family::Gthread => format!("gunicorn -k gthread -w {processes} --threads {threads}"),
            Family::Gevent => format!("gunicorn -k gevent -w {processes}"),
            Family::EventLoop if processes == 1 => "uvicorn".to_owned(),
            Family::EventLoop => format!("uvicorn --workers {processes}"),
        }
    }

    /// The same with the cap that it was tried with, which idle connections must not use up.
    pub fn capped_command(self) -> String {
        let cap = match self.family {
            Family::Gthread => format!(" --worker-connections {} --keep-alive 0", self.threads + 1),
            _ => String::new(),
        };
        self.command() + &cap
    }

    /// Requests that it runs at once.
    pub fn slots(self) -> u32 {
        match self.family {
            Family::Sync | Family::Gthread => self.processes * self.threads,
            Family::Gevent => self.processes * Gunicorn::default().worker_connections,
            Family::EventLoop => u32::MAX,
        }
    }

    /// Settings are in the order of this number: by the rules, then by size.
    pub(super) fn rank(self) -> u64 {
        (self.family as u64) << 32 | u64::from(self.processes) << 16 | u64::from(self.threads)
    }

    /// The size in the middle between it and a smaller one of the same setting, where there is one.
    pub(super) fn halfway_to(self, smaller: Self) -> Option<Self> {
        let alike = self.family == smaller.family
            && match self.family {
                // Its threads are sized, in as many processes.
                Family::Gthread => self.processes == smaller.processes,
                _ => true,
            };
        let middle = Self {
            processes: (self.processes + smaller.processes) / 2,
            threads: (self.threads + smaller.threads) / 2,
            ..self
        };
        (alike && middle != smaller).then_some(middle)
    }

    /// The same setting one size smaller or larger, where there is one.
    pub fn resized(self, larger: bool) -> Option<Self> {
        let step = |n: u32, least: u32, most: u32| match larger {
            true => (n < most).then_some(n + 1),
            false => (n > least).then(|| n - 1),
        };
        Some(match self.family {
            Family::Gthread => Self {
                threads: step(self.threads, 2, MOST_THREADS)?,
                ..self
            },
            _ => Self {
                processes: step(self.processes, 1, MOST_PROCESSES)?,
                ..self
            },
        })
    }
}
