//! Reads and writes any field of a scenario as a [`Value`], whatever its Rust type.

use std::fmt;

use super::decimal::plain;
use super::types::*;

/// A field's value, as controls and permalinks hold it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Integer(u64),
    Number(f64),
    /// One of a choice's names.
    Text(&'static str),
    Flag(bool),
    /// An optional field that is not set.
    None,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(n) => n.fmt(f),
            Self::Number(x) => f.write_str(&plain(*x)),
            Self::Text(name) => f.write_str(name),
            Self::Flag(on) => on.fmt(f),
            Self::None => Ok(()),
        }
    }
}

/// A type that stands for a [`Value`] and back.
trait Plain: Sized {
    fn to_value(&self) -> Value;
    /// `None` where `value` is not one of this type's.
    fn from_value(value: Value) -> Option<Self>;
}

/// A place in a scenario that holds one field.
pub(super) trait Slot {
    fn get(&self) -> Value;
    fn set(&mut self, value: Value);
}

impl<T: Plain> Slot for T {
    fn get(&self) -> Value {
        self.to_value()
    }

    fn set(&mut self, value: Value) {
        if let Some(new) = T::from_value(value) {
            *self = new;
        }
    }
}

impl Plain for u32 {
    fn to_value(&self) -> Value {
        Value::Integer(u64::from(*self))
    }

    fn from_value(value: Value) -> Option<Self> {
        u64::from_value(value)?.try_into().ok()
    }
}

impl Plain for u64 {
    fn to_value(&self) -> Value {
        Value::Integer(*self)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Integer(n) => Some(n),
            _ => None,
        }
    }
}

impl Plain for f64 {
    fn to_value(&self) -> Value {
        Value::Number(*self)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Number(x) => Some(x),
            _ => None,
        }
    }
}

impl Plain for bool {
    fn to_value(&self) -> Value {
        Value::Flag(*self)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Flag(on) => Some(on),
            _ => None,
        }
    }
}

impl<T: Plain> Plain for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::None, T::to_value)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::None => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// Gives each variant its name; a variant that holds data starts from the value given here.
macro_rules! named {
    ($type:ident { $($name:literal: $variant:pat => $start:expr),+ $(,)? }) => {
        impl Plain for $type {
            fn to_value(&self) -> Value {
                use $type::*;
                Value::Text(match self { $($variant => $name),+ })
            }

            fn from_value(value: Value) -> Option<Self> {
                use $type::*;
                match value {
                    $(Value::Text($name) => Some($start),)+
                    _ => None,
                }
            }
        }
    };
}

named!(System {
    "gunicorn": Gunicorn(_) => Gunicorn(Default::default()),
    "event_loop": EventLoop(_) => EventLoop(Default::default()),
    "executor": Executor(_) => Executor(Default::default()),
});
named!(Arrivals {
    "burst": Burst => Burst,
    "poisson": Poisson { .. } => Poisson { rate_per_s: 60.0 },
    "paced": Paced { .. } => Paced { rate_per_s: 60.0 },
    "closed": Closed { .. } => Closed { clients: 20, think_ms: 0.0 },
});
named!(WorkerClass {
    "sync": Sync => Sync,
    "gthread": Gthread => Gthread,
    "gevent": Gevent => Gevent,
    "asgi": Asgi => Asgi,
});
named!(Accept {
    "shared": Shared => Shared,
    "random": Random => Random,
    "skewed": Skewed => Skewed,
});
named!(Handlers { "async": Async => Async, "sync": Sync => Sync });
named!(PoolKind { "thread": Thread => Thread, "process": Process => Process });
named!(Spread {
    "constant": Constant => Constant,
    "exponential": Exponential => Exponential,
    "lognormal": Lognormal => Lognormal,
});
named!(Fidelity { "textbook": Textbook => Textbook, "calibrated": Calibrated => Calibrated });
