//! The simulator: known answers, laws that every run obeys, queueing theory, other platforms.

mod golden;
mod invariants;
mod limits;
mod oracle;
mod queueing;
mod shapes;
mod snapshots;
mod support;
