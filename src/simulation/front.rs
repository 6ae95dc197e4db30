//! The loop in front of a thread limiter: one thread that accepts connections, reads requests and sends answers, one
//! callback after the other, in turn with the threads that run the handlers.

use super::engine::Engine;
use super::handler::{NOBODY, Stage, Task};

impl Engine<'_> {
    /// A process's loop has a connection to accept; what comes of it gets a thread once it is read.
    pub(super) fn meet(&mut self, request: u32, process: u32) {
        let record = &mut self.trail.requests[request as usize];
        record.lane = process * self.plan.threads.unwrap_or(1);
        let task = self.tasks.add(Task {
            request,
            lane: NOBODY,
            process,
            interpreter: self.loop_of(process),
            since: self.now,
            stage: Stage::Accept,
            ..Task::new(self.mill.work(request))
        });
        self.in_hand += 1;
        self.admission.assigned(process);
        if let Some(heap) = self.heaps.get_mut(process as usize) {
            heap.make(self.plan.costs.objects);
        }
        self.want_cpu(task);
    }

    /// The interpreter that a process's loop runs on.
    pub(super) fn loop_of(&self, process: u32) -> u32 {
        match self.free_threaded {
            true => self.trail.lanes.len() as u32 + process,
            false => process,
        }
    }

    /// What a task is about to do is its loop's: true if other callbacks come first, so that it has to wait for them.
    #[inline(never)]
    pub(super) fn waits_for_loop(&mut self, id: u32) -> bool {
        let task = &self.tasks[id];
        let calls_back = matches!(task.stage, Stage::Accept | Stage::Parse | Stage::Reply);
        match self.fronts.get_mut(task.process as usize) {
            Some(front) if calls_back => {
                front.push_back(id);
                front.len() > 1
            }
            _ => false,
        }
    }

    /// A request has been read: it gets a thread, or waits for one.
    pub(super) fn met(&mut self, id: u32) {
        let Task {
            request, process, ..
        } = self.tasks[id];
        self.enter_stage(id, Stage::Over);
        self.tasks.free(id);
        self.admission.reads(process, false);
        if let Some(lane) = self.admission.enlist(process, request) {
            let task = self.admit(request, lane);
            self.want_cpu(task);
        }
    }

    /// A loop's callback is over: it goes on with the next one in the same turn.
    pub(super) fn go_round(&mut self, process: u32, id: u32) {
        if let Some(front) = self.fronts.get_mut(process as usize)
            && front.front() == Some(&id)
        {
            front.pop_front();
            self.follow = front.front().copied().unwrap_or(NOBODY);
        }
    }
}
