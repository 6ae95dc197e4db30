//! What queueing theory says of the simplest systems, to hold the simulator against.
//!
//! Times and rates may be in any unit, as long as it is one. Sources: Kleinrock, "Queueing
//! Systems", volume 1 (1975), chapters 3 and 5; Erlang (1917) for the formulas named after him;
//! Little, "A proof for the queuing formula L = lambda W" (1961); Denning and Buzen, "The
//! operational analysis of queueing network models" (1978) for the closed loop's bounds.

/// Erlang B: the share of arrivals that find all `servers` busy when nobody queues, at an offered
/// load of `load` = arrival rate x service time.
///
/// By the recurrence `B(0) = 1`, `B(k) = a B(k-1) / (k + a B(k-1))`, which never overflows.
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |b, k| load * b / (f64::from(k) + load * b))
}

/// Erlang C: the share of arrivals that have to wait in an M/M/c queue; 1 where the load is more
/// than the servers can carry.
///
/// From Erlang B: `C = B / (1 - rho (1 - B))` with `rho = load / servers`.
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    let utilisation = load / f64::from(servers);
    if utilisation >= 1.0 {
        return 1.0;
    }
    let b = erlang_b(servers, load);
    b / (1.0 - utilisation * (1.0 - b))
}

/// Mean wait in an M/M/c queue: Poisson arrivals at `rate`, exponential service of mean `service`;
/// infinite where the load is more than the servers can carry.
pub fn mean_wait_mmc(servers: u32, rate: f64, service: f64) -> f64 {
    let (c, load) = (f64::from(servers), rate * service);
    if load >= c {
        return f64::INFINITY;
    }
    erlang_c(servers, load) * service / (c - load)
}

/// Mean wait in an M/G/1 queue (Pollaczek and Khinchine): one server, service times of mean
/// `service` and coefficient of variation `cv`: 0 for constant ones, 1 for exponential ones.
pub fn mean_wait_mg1(rate: f64, service: f64, cv: f64) -> f64 {
    let utilisation = rate * service;
    if utilisation >= 1.0 {
        return f64::INFINITY;
    }
    utilisation * service * (1.0 + cv * cv) / (2.0 * (1.0 - utilisation))
}

/// How long a queue with Poisson arrivals remembers: its relaxation time, after which a 2.7th is left of what
/// it was. Exact for M/M/1 (Morse, "Stochastic properties of waiting lines", 1955), about that long for more servers
/// that are nearly all busy; with service times of coefficient of variation `cv` by heavy traffic, in which their variance counts half.
pub fn relaxation(servers: u32, rate: f64, service: f64, cv: f64) -> f64 {
    let gap = (f64::from(servers) / service).sqrt() - rate.sqrt();
    (1.0 + cv * cv) / (2.0 * gap * gap)
}

/// When the last of `jobs` equal jobs that come at once ends on `servers`.
pub fn burst_makespan(jobs: u32, servers: u32, service: f64) -> f64 {
    f64::from(jobs.div_ceil(servers)) * service
}

/// The most requests per unit of time that `clients` can get from `servers` when each one thinks
/// for `think` after an answer: the servers' limit or the clients' own.
pub fn closed_throughput_bound(clients: u32, think: f64, servers: u32, service: f64) -> f64 {
    (f64::from(servers) / service).min(f64::from(clients) / (service + think))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(actual: f64, expected: f64, tolerance: f64) {
        assert!(
            (actual - expected).abs() < tolerance,
            "{actual} is not {expected}"
        );
    }

    /// Eight servers of 100 ms, waits in ms: a table worked out independently, to the digits it
    /// is printed with.
    #[test]
    fn erlang_c_gives_the_known_table() {
        for (rate, p_wait, shared, split, digit) in [
            (0.040, 0.0590, 1.48, 33.3, 0.01),
            (0.056, 0.2706, 11.28, 96.1, 0.01),
            (0.064, 0.4576, 28.60, 177.8, 0.01),
            (0.072, 0.7015, 87.69, 426.3, 0.01),
            (0.0792, 0.9678, 1209.8, 4925.1, 0.1),
        ] {
            close(erlang_c(8, rate * 100.0), p_wait, 0.00005);
            close(mean_wait_mmc(8, rate, 100.0), shared, digit / 2.0);
            close(mean_wait_mmc(2, rate / 4.0, 100.0), split, 0.05);
        }
    }

    #[test]
    fn one_server_agrees_in_every_formula() {
        for rho in [0.1, 0.5, 0.8, 0.99] {
            let wait = rho / (1.0 - rho);
            close(mean_wait_mmc(1, rho, 1.0), wait, 1e-9);
            close(mean_wait_mg1(rho, 1.0, 1.0), wait, 1e-9);
            close(mean_wait_mg1(rho, 1.0, 0.0), wait / 2.0, 1e-9);
            close(erlang_c(1, rho), rho, 1e-12);
        }
    }

    #[test]
    fn too_much_load_waits_for_ever() {
        assert_eq!(erlang_c(4, 4.0), 1.0);
        assert_eq!(mean_wait_mmc(4, 5.0, 1.0), f64::INFINITY);
        assert_eq!(mean_wait_mg1(1.0, 1.0, 0.0), f64::INFINITY);
    }

    #[test]
    fn many_servers_do_not_overflow() {
        assert!(erlang_c(1000, 990.0) > 0.0 && erlang_c(1000, 990.0) < 1.0);
        assert_eq!(burst_makespan(1000, 8, 100.0), 12500.0);
        close(closed_throughput_bound(20, 0.0, 8, 0.1), 80.0, 1e-9);
    }
}
