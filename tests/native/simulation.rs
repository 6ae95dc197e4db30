//! The simulator: known answers, laws that every run obeys, queueing theory, other platforms.

mod collector;
mod draws;
mod failures;
mod faults;
mod golden;
mod invariants;
mod limiter;
mod limits;
mod measured;
mod oracle;
mod queueing;
mod shapes;
mod shares;
mod snapshots;
mod support;
mod theory;
mod troubles;
mod turns;
