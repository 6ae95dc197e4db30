//! The load generator: one single-threaded process that shares the machine's cores.
//!
//! Half of its CPU time goes into sending a request: three quarters of that into the connection,
//! the rest into the request itself. A burst opens every connection before it sends on any. The
//! other half goes into reading the answer. The measured one sets all connections of a burst up
//! before it sends, and reads its answers many at a time; so it does in a closed loop.

use std::collections::VecDeque;

use super::calibration::CONNECT;
use super::cores::TICK;
use super::engine::Engine;
use super::handler::NOBODY;
use super::trace::{NEVER, Outcome};
use super::workload::{nanos, nearest};
use scenario::{Accept, Arrivals, Fidelity, Scenario};

/// A step of the client's for one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    /// Opening the connection; unless many come at once, sending the request too.
    Open,
    /// Sending the request on it.
    Send,
    /// Reading the answer.
    Read,
    /// Making a connection of a burst its own once it is there.
    SetUp,
}

/// The client's work, in order.
pub(crate) struct Client {
    /// What each [`Job`] takes for one of many requests that come at once, or follow answers, in ticks.
    ticks: [u64; 4],
    /// The same for one that comes alone: for opening a connection and sending on it, and for reading.
    half: u64,
    /// The first so many requests are such: it opens all connections that there are to open before it sends on any.
    burst: u32,
    /// Whether a burst's connections are set up before it sends.
    sets_up: bool,
    /// Its number among the interpreters that share the cores: the last one.
    number: u32,
    /// Requests, and in bits 24 and 25 which [`Job`] they need.
    jobs: VecDeque<u32>,
    busy: bool,
    /// By request, in a burst: the task that waits for it to be sent, `NOBODY` = none yet,
    /// `SENT` = it was sent.
    awaited: Vec<u32>,
}

/// In the place of a task: the request was sent already.
const SENT: u32 = u32::MAX - 1;

/// A request and what it needs.
fn split(job: u32) -> (u32, Job) {
    let kind = match job >> 24 {
        0 => Job::Open,
        1 => Job::Send,
        2 => Job::Read,
        _ => Job::SetUp,
    };
    (job & 0xff_ffff, kind)
}

impl Client {
    /// The scenario's client, where it takes CPU time: `factor` times as much of it in this run, and `opening` times as
    /// much of that for opening a connection, at the cost of reading answers.
    pub(crate) fn new(scenario: &Scenario, number: u32, factor: f64, opening: f64) -> Option<Self> {
        let all = nanos(scenario.machine.client_cpu_ms * factor) * TICK;
        let calibrated = scenario.fidelity == Fidelity::Calibrated;
        let connect = nearest(CONNECT * factor) * TICK;
        let (open, set_up) = match calibrated {
            true => (
                nearest((all * 3 / 8).min(connect * 5 / 7) as f64 * opening),
                (all / 5).min(connect * 2 / 7),
            ),
            false => (all * 3 / 8, 0),
        };
        let send = if calibrated { all / 16 } else { all / 8 };
        let requests = scenario.workload.requests;
        let burst = match scenario.workload.arrivals {
            Arrivals::Burst => requests,
            Arrivals::Closed { .. } if calibrated => requests,
            _ => 0,
        };
        (all > 0).then(|| Self {
            ticks: [open, send, all - open - set_up - send, set_up],
            half: all / 2,
            burst,
            sets_up: calibrated,
            number,
            jobs: VecDeque::new(),
            busy: false,
            awaited: vec![NOBODY; burst as usize],
        })
    }

    /// Whether a task has its request's bytes; if not, it is told when they come.
    pub(crate) fn has_sent(&mut self, request: u32, task: u32) -> bool {
        match self.awaited.get_mut(request as usize) {
            Some(awaited) if *awaited != SENT => {
                *awaited = task;
                false
            }
            _ => true,
        }
    }

    /// A task waits no more.
    pub(crate) fn forget(&mut self, request: u32) {
        if let Some(awaited) = self.awaited.get_mut(request as usize) {
            *awaited = NOBODY;
        }
    }
}

impl Engine<'_> {
    /// The client has something to do.
    pub(super) fn client_job(&mut self, request: u32, job: Job) {
        if let Some(client) = &mut self.client {
            client.jobs.push_back(request | (job as u32) << 24);
            if !client.busy {
                self.client_next();
            }
        }
    }

    fn client_next(&mut self) {
        let Some(client) = &mut self.client else {
            return;
        };
        client.busy = !client.jobs.is_empty();
        let Some(&job) = client.jobs.front() else {
            return;
        };
        let (request, job) = split(job);
        let ticks = match request < client.burst {
            true => client.ticks[job as usize],
            false => client.half,
        };
        self.cores.start(self.now, client.number, ticks.max(1));
        if job == Job::Open {
            self.trail.requests[request as usize].arrival = self.now;
            self.sent(request);
        }
    }

    /// The client has done its present job.
    pub(super) fn client_done(&mut self) {
        let Some(client) = &mut self.client else {
            return;
        };
        let Some(job) = client.jobs.pop_front() else {
            return;
        };
        let (request, job) = split(job);
        // Loops and hubs, and those that bind early, accept before the request is there; what others do
        // before they have it costs nothing.
        let accepts = self.ticks.accept > 0 || self.plan.accept != Accept::Shared;
        match job {
            Job::Open if request < client.burst => {
                let next = match client.sets_up {
                    true => Job::SetUp,
                    false => Job::Send,
                };
                client.jobs.push_back(request | (next as u32) << 24);
                if accepts {
                    self.offer(request, 0);
                }
            }
            Job::Open => self.offer(request, 0),
            Job::SetUp => client.jobs.push_back(request | (Job::Send as u32) << 24),
            Job::Send => {
                let task = std::mem::replace(&mut client.awaited[request as usize], SENT);
                if !accepts {
                    self.offer(request, 0);
                } else if task != NOBODY {
                    let process = self.tasks[task].process;
                    self.reads(process, false);
                    self.want_cpu(task);
                }
            }
            Job::Read => {
                if self.trail.requests[request as usize].end == NEVER {
                    self.settle(request, Outcome::Answered);
                }
            }
        }
        self.client_next();
    }
}
