//! The native tests: one binary, one module a subject.

mod api;
mod oracle;
mod scenario;
