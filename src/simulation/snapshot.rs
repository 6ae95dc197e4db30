//! A run seen at one moment, for the live diagrams.

use super::{Nanos, Run, Span, State};

/// How many of the queue's first requests a snapshot names.
const NAMED: usize = 64;

/// Where every request is at one moment.
///
/// A change that falls on the moment has happened: a request that ends then is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Requests not yet sent.
    pub pending: u32,
    /// Requests in the queue: sent, and without a lane.
    pub queued: u32,
    /// The first 64 of them, in order of arrival.
    pub queue: Vec<u32>,
    /// How many of them wait for each process, where a process is drawn at arrival
    /// ([`Run::early_binding`]); empty where all wait in one queue.
    pub queued_by_process: Vec<u32>,
    /// Requests on a lane, by number: also those that their clients have given up.
    pub in_hand: Vec<InHand>,
    /// Requests that the server is done with, answered or failed.
    pub done: u32,
}

/// A request on a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InHand {
    /// Its number: its index in [`Run::requests`].
    pub request: u32,
    /// Where: an index into [`Run::lanes`].
    pub lane: u32,
    /// What it is doing.
    pub state: State,
    /// When that state began.
    pub since: Nanos,
}

impl Run {
    /// Where every request is at `t`. Looks only at requests that were sent, and states that
    /// ended, within the run's longest stay and state from `t`.
    pub fn at(&self, t: Nanos) -> Snapshot {
        let requests = &self.requests;
        let sent = requests.partition_point(|r| r.arrival <= t);
        let open = self.first_open(t);
        let mut snapshot = Snapshot {
            pending: (requests.len() - sent) as u32,
            done: open as u32,
            ..Snapshot::default()
        };
        if self.early_binding {
            let processes = self.lanes.last().map_or(0, |lane| lane.process + 1);
            snapshot.queued_by_process = vec![0; processes as usize];
        }
        let mut in_hand = Vec::new();
        for (number, request) in requests.iter().enumerate().take(sent).skip(open) {
            if request.left <= t {
                snapshot.done += 1;
            } else if request.admitted <= t {
                in_hand.push(number as u32);
            } else {
                snapshot.queued += 1;
                if snapshot.queue.len() < NAMED {
                    snapshot.queue.push(number as u32);
                }
                if self.early_binding && request.bound <= t {
                    let process = self.lanes[request.lane as usize].process;
                    snapshot.queued_by_process[process as usize] += 1;
                }
            }
        }
        snapshot.in_hand = self.in_hand(t, &in_hand);
        snapshot
    }

    /// The first request, in order of arrival, that may not be over at `t`; all before it are.
    pub fn first_open(&self, t: Nanos) -> usize {
        self.requests
            .partition_point(|r| r.arrival + self.longest_stay <= t)
    }

    /// The next moment after `t` at which something changes: a request arrives, or a state ends.
    pub fn next(&self, t: Nanos) -> Option<Nanos> {
        let arrival = self.requests.partition_point(|r| r.arrival <= t);
        let ended = self.spans.partition_point(|span| span.end <= t);
        let arrival = self.requests.get(arrival).map(|r| r.arrival);
        let end = self.spans.get(ended).map(|span| span.end);
        arrival.into_iter().chain(end).min()
    }

    /// The last moment before `t` at which something changed.
    pub fn previous(&self, t: Nanos) -> Option<Nanos> {
        let arrived = self.requests.partition_point(|r| r.arrival < t);
        let ended = self.spans.partition_point(|span| span.end < t);
        let arrival = arrived.checked_sub(1).map(|i| self.requests[i].arrival);
        let end = ended.checked_sub(1).map(|i| self.spans[i].end);
        arrival.into_iter().chain(end).max()
    }

    /// The spans of one request, in order of time.
    pub fn story(&self, request: u32) -> impl Iterator<Item = &Span> {
        let (from, to) = match self.requests.get(request as usize) {
            Some(request) => (request.admitted, request.left),
            None => (0, 0),
        };
        let first = self.spans.partition_point(|span| span.end <= from);
        self.spans[first..]
            .iter()
            .take_while(move |span| span.end <= to)
            .filter(move |span| span.request == request)
    }

    /// What `requests`, those in hand at `t` in ascending order, are doing then.
    fn in_hand(&self, t: Nanos, requests: &[u32]) -> Vec<InHand> {
        let first = self.spans.partition_point(|span| span.end <= t);
        let mut in_hand: Vec<InHand> = requests
            .iter()
            .map(|request| InHand {
                request: *request,
                lane: self.requests[*request as usize].lane,
                state: State::Ready,
                since: t,
            })
            .collect();
        let at_t = self.spans[first..].iter().filter(|span| span.start <= t);
        for span in at_t.take(requests.len()) {
            if let Ok(i) = requests.binary_search(&span.request) {
                in_hand[i].state = span.state;
                in_hand[i].since = span.start;
            }
        }
        in_hand
    }
}
