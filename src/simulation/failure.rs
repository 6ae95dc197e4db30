//! What goes wrong: clients that give up, a backlog that overflows, processes that die.

use super::Nanos;
use super::calibration::APART;
use super::engine::Engine;
use super::handler::Stage;
use super::heap::Heap;
use super::plan::{self, SECOND};
use super::pool::Pool;
use super::queue::Event;
use super::trace::{Death, NEVER, Outcome};

/// How long a client of Linux tries to connect, eleven times: `tcp_syn_retries`, and
/// `tcp_syn_linear_timeouts` since Linux 6.5.
const GIVES_UP: Nanos = 131 * SECOND;

/// The shortest time after which Linux sends data again.
const RESEND: Nanos = SECOND / 5;

/// Connections that are tried within so long of each other are tried again in one go, one right after the other:
/// timers of a second are no finer at 250 ticks of the kernel a second.
const TOGETHER: Nanos = 32_000_000;

/// From a client's try, after so many before it, to the next: it knocks 1, 2, 3, 4, 5, 7, 11, 19,
/// 35 and 67 s after its first try, and gives up after 131.
///
/// Where many knock in one go the kernel answers all of them before it finds that it has no room
/// for most. Their clients take themselves for connected and send their requests, which is a knock
/// too: again after 0.2, 0.6, 1.4, 3, 6.2, ... s.
fn knock_gap(tries: u32, crowd: bool) -> Nanos {
    if crowd && tries > 0 {
        RESEND << (tries - 1)
    } else {
        SECOND << tries.saturating_sub(4)
    }
}

/// The connections that found the backlog full last.
#[derive(Clone, Copy, Default)]
pub(crate) struct Refused {
    at: Nanos,
    /// How many did at the same moment, before the last one.
    before: u64,
}

/// When a process was last heard of, for whoever watches it.
#[derive(Clone, Copy)]
pub(crate) struct Beat {
    at: Nanos,
    /// When its silence is looked for next, and any other [`Event::Silence`] means nothing; `NEVER` where it is not.
    due: Nanos,
    /// How many requests had come when it had the signal to end; 0 where it has had none.
    signalled: u32,
}

impl Default for Beat {
    fn default() -> Self {
        Self {
            at: 0,
            due: NEVER,
            signalled: 0,
        }
    }
}

impl Engine<'_> {
    /// An event of those that only trouble brings.
    #[inline(never)]
    pub(super) fn trouble(&mut self, event: Event) {
        match event {
            Event::GiveUp(request) => {
                self.fail(request, Outcome::ClientTimeout);
            }
            Event::Knock(knock) => self.knock(knock & 0xff_ffff, knock >> 24),
            Event::Silence(process) => self.silence(process),
            Event::Kill(process) => self.kill(process, Outcome::Crashed),
            Event::Respawn(process) => self.respawn(process),
            Event::Grown(process) => self.grown(process),
            Event::Accept => self.accept(),
            Event::Io(_) => {}
        }
    }

    /// A request fails, unless it has ended before; true if it does.
    pub(super) fn fail(&mut self, request: u32, outcome: Outcome) -> bool {
        let open = self.trail.requests[request as usize].end == NEVER;
        if open {
            self.settle(request, outcome);
        }
        open
    }

    /// A request that no process ever had fails.
    pub(super) fn turn_down(&mut self, request: u32, outcome: Outcome) {
        self.trail.requests[request as usize].left = self.now;
        self.fail(request, outcome);
    }

    /// A connection finds the backlog full, after so many tries before: it knocks again.
    pub(super) fn turned_away(&mut self, request: u32, tries: u32) {
        self.trail.turned_away += u32::from(tries == 0);
        let requests = &self.trail.requests;
        let arrival = |number: u32| requests.get(number as usize).map(|r| r.arrival);
        let mine = arrival(request);
        let near = |other: Option<Nanos>| match (mine, other) {
            (Some(mine), Some(other)) => mine.abs_diff(other) < TOGETHER,
            _ => false,
        };
        let crowd = near(arrival(request + 1)) || near(arrival(request.wrapping_sub(1)));
        let mut at = self.now + knock_gap(tries, crowd);
        if self.ticks.phased {
            let last = &mut self.refused;
            last.before = if last.at == self.now {
                last.before + 1
            } else {
                0
            };
            last.at = self.now;
            at += (last.before * APART).min(SECOND);
        }
        if let Some(mine) = mine {
            at = at.min(mine + GIVES_UP);
        }
        self.queue
            .schedule(at, Event::Knock(request | (tries + 1) << 24));
    }

    /// A client tries its connection once more.
    fn knock(&mut self, request: u32, tries: u32) {
        let record = &mut self.trail.requests[request as usize];
        if record.end != NEVER {
            record.left = record.end;
        } else if self.now >= record.arrival + GIVES_UP {
            self.turn_down(request, Outcome::Refused);
        } else {
            self.offer(request, tries);
        }
    }

    /// A process gives a sign of life.
    pub(super) fn beat(&mut self, process: u32) {
        if let Some(beat) = self.beats.get_mut(process as usize) {
            beat.at = self.now;
            if beat.due == NEVER || beat.signalled > 0 {
                self.watch(process);
            }
        }
    }

    /// A process's silence is looked for from now on. A loop that has had its signal comes to it now.
    #[inline(never)]
    fn watch(&mut self, process: u32) {
        let Some(watch) = self.plan.watch else {
            return;
        };
        let beat = &self.beats[process as usize];
        if beat.signalled > 0 && !watch.spares {
            self.look_at(process, self.now);
        } else if beat.due == NEVER {
            self.look_at(process, watch.finds(self.now));
        }
    }

    /// A loop or hub has nothing to run.
    #[inline]
    pub(super) fn idles(&mut self, process: u32) {
        let beat = self.beats.get(process as usize);
        if beat.is_some_and(|beat| beat.signalled > 0) {
            self.watch(process);
        }
    }

    fn look_at(&mut self, process: u32, at: Nanos) {
        self.beats[process as usize].due = at;
        self.queue.schedule(at, Event::Silence(process));
    }

    /// A process may have been silent for too long.
    fn silence(&mut self, process: u32) {
        let beat = self.beats[process as usize];
        let Some(watch) = self.plan.watch.filter(|_| beat.due == self.now) else {
            return;
        };
        self.beats[process as usize].due = NEVER;
        let busy = match self.plan.threads {
            Some(_) => self.admission.in_hand(process) > 0,
            None => self.cores.runs(process),
        };
        let found = watch.finds(beat.at);
        let silent = busy && found <= self.now;
        // A loop that has had its signal comes to it, or has the next one. A hub ends if it still has what it had then.
        let ends = match watch.spares {
            _ if beat.signalled == 0 => silent && watch.grace == 0,
            true => silent && self.has_before(process, beat.signalled),
            false => true,
        };
        if ends {
            self.kill(process, Outcome::WorkerTimeout);
        } else if silent {
            self.beats[process as usize].signalled = self.trail.requests.len() as u32;
            self.look_at(process, self.now + watch.grace);
            if watch.spares {
                self.interrupt(process);
            }
        } else if busy {
            self.look_at(process, found);
        }
    }

    /// Whether a process has one of the first `requests` in hand.
    fn has_before(&self, process: u32, requests: u32) -> bool {
        self.tasks.numbers().any(|id| {
            let task = &self.tasks[id];
            task.process == process && task.request < requests && task.stage != Stage::Over
        })
    }

    /// The signal that ends a process for its silence interrupts the request that runs. The rest
    /// are answered before the process ends; another takes its place meanwhile.
    fn interrupt(&mut self, process: u32) {
        let id = self.interpreters[process as usize].holder();
        self.cores.stop(self.now, process);
        let request = self.tasks[id].request;
        let lost = self.fail(request, Outcome::WorkerTimeout);
        self.trail.deaths.push(Death {
            process,
            at: self.now,
            respawned: self.now,
            cause: Outcome::WorkerTimeout,
            lost: lost.into(),
        });
        self.finish(id);
        self.follow_up(process);
    }

    /// A process dies: everything that it had accepted is lost. What it had yet to accept is still in the kernel, for the
    /// other processes or for the one that takes its place.
    fn kill(&mut self, process: u32, cause: Outcome) {
        if !self.admission.is_up(process) {
            return;
        }
        let mut lost = 0;
        let mut unaccepted = Vec::new();
        let stays = matches!(self.plan.death, plan::Death::Respawn(_));
        let first_lane = process * self.plan.threads.unwrap_or(1);
        for id in self.tasks.numbers() {
            let task = &self.tasks[id];
            if task.process != process || task.stage == Stage::Over {
                continue;
            }
            let holder = self.interpreters[task.interpreter as usize].holder();
            if stays && task.stage == Stage::Accept && holder != id {
                unaccepted.push(task.request);
                self.enter_stage(id, Stage::Over);
                self.tasks.free(id);
                self.in_hand -= 1;
                continue;
            }
            self.record(id);
            self.enter_stage(id, Stage::Over);
            let task = &self.tasks[id];
            let (request, started, calling) = (task.request, task.started, task.calling);
            // A call on its way keeps the task's number until it comes back.
            if !calling {
                self.tasks.free(id);
            }
            self.in_hand -= 1;
            self.in_flight -= u32::from(started);
            if let Some(client) = &mut self.client {
                client.forget(request);
            }
            lost += u32::from(self.lose(request, cause));
        }
        let threads = self.plan.threads.unwrap_or(1);
        if let Some(front) = self.fronts.get_mut(process as usize) {
            front.clear();
        }
        let interpreters = match self.free_threaded {
            true => first_lane..first_lane + threads,
            false => process..process + 1,
        };
        let front = self.plan.fronted.then(|| self.loop_of(process));
        for number in interpreters.chain(front) {
            if self.cores.runs(number) {
                self.cores.stop(self.now, number);
            }
            self.interpreters[number as usize].reset();
        }
        if let Some(pool) = self.pools.get_mut(process as usize) {
            *pool = Pool::new(self.pool_size);
        }
        for request in self.admission.died(process) {
            self.trail.requests[request as usize].lane = first_lane;
            self.in_hand -= u32::from(self.plan.fronted);
            lost += u32::from(self.lose(request, cause));
        }
        if let Some(beat) = self.beats.get_mut(process as usize) {
            *beat = Beat::default();
        }
        let death = self.trail.deaths.len();
        self.trail.deaths.push(Death {
            process,
            at: self.now,
            respawned: NEVER,
            cause,
            lost,
        });
        match self.plan.death {
            plan::Death::Respawn(after) => {
                let at = self.now + after;
                self.queue.schedule(at, Event::Respawn(process));
                // In the order they came.
                while let Some(&first) = unaccepted.iter().min() {
                    unaccepted.retain(|request| *request != first);
                    self.offer(first, 0);
                }
            }
            plan::Death::Final(outcome, _) => {
                self.closed = Some(outcome);
                for request in self.admission.abandoned() {
                    lost += u32::from(self.lose(request, cause));
                }
                self.trail.deaths[death].lost = lost;
                // A broken pool takes its other processes along.
                (0..self.plan.processes).for_each(|other| self.kill(other, cause));
            }
        }
    }

    /// A request is lost with its process; true if its client still waited.
    fn lose(&mut self, request: u32, cause: Outcome) -> bool {
        self.trail.requests[request as usize].left = self.now;
        self.fail(request, cause)
    }

    /// Another process takes the place of one that died, and takes what waits.
    fn respawn(&mut self, process: u32) {
        self.admission.respawned(self.plan, process);
        if let Some(heap) = self.heaps.get_mut(process as usize) {
            *heap = Heap::new();
        }
        self.accept_soon();
        let mut deaths = self.trail.deaths.iter_mut().rev();
        if let Some(death) = deaths.find(|death| death.process == process) {
            death.respawned = self.now;
        }
        while let Some(task) = self.admit_next(process) {
            self.begin(task);
        }
    }

    /// A process goes on with its larger table of files.
    fn grown(&mut self, process: u32) {
        self.admission.grown(process);
        if self.plan.threads.is_none() && !self.interpreters[process as usize].is_idle() {
            self.hand_on(process);
        }
        self.accept_soon();
    }
}
