//! The native tests: one binary, one module a subject.

mod api;
mod scenario;
mod simulation;
