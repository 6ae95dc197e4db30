//! What a run leaves behind: each request's fate and each thing it did, in integer nanoseconds.

/// A point in simulated time or a duration, in nanoseconds.
pub type Nanos = u64;

/// A time that never comes: what has not happened has it.
pub const NEVER: Nanos = Nanos::MAX;

/// One request's way through the system. Times of what never happened are [`NEVER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// When the client began to send it.
    pub arrival: Nanos,
    /// When a process accepted it and let it wait in a queue of its own, or had it to accept before it waits for a
    /// thread; `NEVER` where it was taken from a shared queue.
    pub bound: Nanos,
    /// When it was given its lane, a loop's or hub's with a place in the backlog; until then it is in the queue.
    pub admitted: Nanos,
    /// When its handler's first instruction ran.
    pub start: Nanos,
    /// When the server was done with it: at its end, or before it where a busy client reads its
    /// answer later, or after it where the client gave up.
    pub left: Nanos,
    /// When its client had the answer, or when it failed.
    pub end: Nanos,
    /// Where it was handled: an index into [`Run::lanes`](super::Run::lanes). A request that a
    /// process lost from its queue has that process's first lane, one that no process had
    /// `u32::MAX`.
    pub lane: u32,
    pub outcome: Outcome,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// With an answer.
    #[default]
    Answered,
    /// Its client gave up; the server did the work all the same.
    ClientTimeout,
    /// The server killed its worker for its silence.
    WorkerTimeout,
    /// There was no room for its connection, or nobody listened.
    Refused,
    /// Its worker died.
    Crashed,
}

/// The death of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    pub process: u32,
    pub at: Nanos,
    /// When another one had taken its place; `NEVER` where nothing does.
    pub respawned: Nanos,
    /// [`Outcome::Crashed`] or [`Outcome::WorkerTimeout`].
    pub cause: Outcome,
    /// Requests that were lost with it.
    pub lost: u32,
}

/// A stretch of time that a request spent in one state, on one lane.
///
/// Spans of one request never overlap and cover it from the moment it is given a lane to its
/// end without a gap; the time before its first span is time in the queue, or that in which a loop before threads
/// accepts and reads it. A span is never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The request's number: its index in [`Run::requests`](super::Run::requests).
    pub request: u32,
    /// Where: an index into [`Run::lanes`](super::Run::lanes).
    pub lane: u32,
    /// What it was doing.
    pub state: State,
    /// When that began.
    pub start: Nanos,
    /// When it ended: later than `start`.
    pub end: Nanos,
}

/// What a request is doing once it has a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Ready to run, waiting for its interpreter: for the GIL in a thread, for its turn on a loop.
    Ready,
    /// Executing Python, or (more processes than cores) ready on a core it shares.
    Running,
    /// Waiting for a connection of its process's pool.
    Connection,
    /// Waiting for I/O.
    Io,
}

/// A place that handles requests: a worker's thread, a loop, a pool's thread or process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The process it belongs to, from 0.
    pub process: u32,
    /// The thread within the process, from 0; `None` where one thread interleaves many requests.
    pub thread: Option<u32>,
}
