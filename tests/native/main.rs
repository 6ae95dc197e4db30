//! The native tests: one binary, one module a subject.

mod oracle;
