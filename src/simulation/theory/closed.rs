//! Closed networks by mean value analysis.

/// What a closed network comes to in the long run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closed {
    /// Requests answered per unit of time.
    pub throughput: f64,
    /// Mean time from sending a request to its answer.
    pub response: f64,
}

/// `clients` that each think for `think` and then wait for one of `servers`, exponential service
/// of mean `service`; thinking may have any distribution.
///
/// Exact, by the recursion of Reiser and Lavenberg, "Mean-value analysis of closed multichain
/// queuing networks" (1980), for a station of several servers: a client that arrives finds what
/// one client fewer would leave. That the station is empty follows from its throughput and from that of clients who
/// only think, by Reiser, "Mean value analysis and convolution method for queue-dependent servers in closed queueing
/// networks" (1981), which stays exact for many clients. Takes `clients` x `servers` steps.
pub fn closed_network(clients: u32, think: f64, servers: u32, service: f64) -> Closed {
    let c = f64::from(servers);
    // idle[j]: the probability of j requests at the station, for j below the number of servers.
    let mut idle = vec![Tiny::of(0.0); servers as usize];
    idle[0] = Tiny::of(1.0);
    let (mut waiting, mut closed) = (
        0.0,
        Closed {
            throughput: 0.0,
            response: service,
        },
    );
    for n in 1..=clients {
        let terms = idle.iter().enumerate();
        let spare: f64 = terms
            .map(|(j, share)| (c - 1.0 - j as f64) * share.value())
            .sum();
        closed.response = service / c * (1.0 + waiting + spare);
        closed.throughput = f64::from(n) / (think + closed.response);
        waiting = closed.throughput * closed.response;
        let load = closed.throughput * service;
        for j in (1..servers as usize).rev() {
            idle[j] = idle[j - 1].times(load / j as f64);
        }
        // What the rest of the probabilities leave would drown in their rounding.
        idle[0] = idle[0].times(closed.throughput * think / f64::from(n));
    }
    closed
}

/// A probability that may be too small for a float now, and not after some factors.
#[derive(Clone, Copy)]
struct Tiny {
    /// From [`Tiny::UNIT`] to 1 where it is smaller than that.
    part: f64,
    /// How many times `UNIT` it is.
    units: u32,
}

impl Tiny {
    const UNIT: f64 = 1e-150;

    fn of(part: f64) -> Self {
        Self { part, units: 0 }
    }

    fn times(self, factor: f64) -> Self {
        let Self { part, units } = self;
        match part * factor {
            part if part < Self::UNIT && part > 0.0 => Self {
                part: part / Self::UNIT,
                units: units + 1,
            },
            part if part >= 1.0 && units > 0 => Self {
                part: part * Self::UNIT,
                units: units - 1,
            },
            part => Self { part, units },
        }
    }

    fn value(self) -> f64 {
        if self.units == 0 { self.part } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same from the stationary distribution of the birth-death process.
    fn by_states(clients: u32, think: f64, servers: u32, service: f64) -> f64 {
        let mut shares = vec![1.0];
        for n in 1..=clients {
            let come = f64::from(clients - n + 1) / think;
            let go = f64::from(n.min(servers)) / service;
            shares.push(shares[n as usize - 1] * come / go);
            if shares[n as usize] > 1e200 {
                shares.iter_mut().for_each(|share| *share *= 1e-200);
            }
        }
        let sum: f64 = shares.iter().sum();
        let busy = |(n, share): (usize, &f64)| share * (n as f64).min(f64::from(servers));
        shares.iter().enumerate().map(busy).sum::<f64>() / sum / service
    }

    #[test]
    fn it_agrees_with_the_birth_death_process() {
        for (clients, think, servers) in [
            (1, 5.0, 1),
            (4, 30.0, 2),
            (20, 50.0, 8),
            (60, 9.0, 7),
            // Where servers are many, what two large sums leave says nothing.
            (100, 5.0, 20),
            (400, 50.0, 20),
            (300, 200.0, 50),
            // Where most of the shares are too small for a float.
            (2500, 10.0, 2500),
            (8800, 100.0, 850),
        ] {
            let closed = closed_network(clients, think, servers, 10.0);
            let expected = by_states(clients, think, servers, 10.0);
            assert!(
                (closed.throughput / expected - 1.0).abs() < 1e-9,
                "{closed:?}"
            );
            let clients_by_little = closed.throughput * (closed.response + think);
            assert!((clients_by_little / f64::from(clients) - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn one_client_never_waits_and_many_fill_the_servers() {
        assert_eq!(closed_network(1, 7.0, 3, 10.0).response, 10.0);
        let full = closed_network(500, 0.0, 8, 10.0);
        assert!((full.throughput - 0.8).abs() < 1e-6, "{full:?}");
    }
}
