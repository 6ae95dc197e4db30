//! When requests arrive.

use std::collections::VecDeque;

use super::Nanos;
use super::random::{Draws, Stream};
use super::workload::{nanos, nearest};
use scenario::{self, Scenario};

/// When requests arrive: a stream in order of time, open or fed by answers.
enum Arrivals {
    Burst,
    Poisson {
        mean_gap: f64,
        draws: Draws,
    },
    Paced {
        gap: f64,
    },
    /// `ready` holds when clients send next: think time is constant, so it stays in order.
    Closed {
        think: Nanos,
        ready: VecDeque<Nanos>,
    },
}

/// Arrivals with the numbers they hand out.
pub(crate) struct Source {
    arrivals: Arrivals,
    sent: u32,
    requests: u32,
    due: Nanos,
}

impl Source {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let requests = scenario.workload.requests;
        let arrivals = match scenario.workload.arrivals {
            scenario::Arrivals::Burst => Arrivals::Burst,
            scenario::Arrivals::Poisson { rate_per_s } => Arrivals::Poisson {
                mean_gap: 1e9 / rate_per_s,
                draws: Draws::new(scenario.seed),
            },
            scenario::Arrivals::Paced { rate_per_s } => Arrivals::Paced {
                gap: 1e9 / rate_per_s,
            },
            scenario::Arrivals::Closed { clients, think_ms } => Arrivals::Closed {
                think: nanos(think_ms),
                ready: VecDeque::from(vec![0; clients.min(requests) as usize]),
            },
        };
        let mut source = Self {
            arrivals,
            sent: 0,
            requests,
            due: 0,
        };
        source.due = source.next();
        source
    }

    /// When the next request arrives; `Nanos::MAX` if none is known to come.
    pub(crate) fn due(&self) -> Nanos {
        self.due
    }

    /// Takes the request that is due and gives its number.
    pub(crate) fn take(&mut self) -> u32 {
        let request = self.sent;
        self.sent += 1;
        if let Arrivals::Closed { ready, .. } = &mut self.arrivals {
            ready.pop_front();
        }
        self.due = self.next();
        request
    }

    /// A client has its answer, and may send again.
    pub(crate) fn answered(&mut self, now: Nanos) {
        if let Arrivals::Closed { think, ready } = &mut self.arrivals {
            ready.push_back(now + *think);
            self.due = self.next();
        }
    }

    fn next(&self) -> Nanos {
        if self.sent == self.requests {
            return Nanos::MAX;
        }
        match &self.arrivals {
            Arrivals::Burst => 0,
            Arrivals::Poisson { mean_gap, draws } => {
                self.due + nearest(mean_gap * draws.exponential(self.sent, Stream::Gap))
            }
            Arrivals::Paced { gap } => nearest(gap * f64::from(self.sent)),
            Arrivals::Closed { ready, .. } => ready.front().copied().unwrap_or(Nanos::MAX),
        }
    }
}
