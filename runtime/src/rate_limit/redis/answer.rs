//! What scripts answer.

use ::redis::Value;

use crate::backend::redis::Failure;

/// What `gcra.lua` answers: how far the moment lies ahead, and the permits where these are fewer than wanted.
pub(super) fn moment(answer: Value, wanted: u32) -> Option<(u64, u32)> {
    match answer {
        Value::Int(ahead) => Some((ahead.try_into().ok()?, wanted)),
        Value::Array(parts) => match parts.as_slice() {
            [Value::Int(ahead), Value::Int(granted)] => {
                Some(((*ahead).try_into().ok()?, (*granted).try_into().ok()?))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A list of numbers.
pub(super) fn numbers(answer: Value) -> Option<Vec<i64>> {
    let Value::Array(parts) = answer else { return None };
    parts.into_iter().map(|part| if let Value::Int(number) = part { Some(number) } else { None }).collect()
}

/// What an answer is understood as.
pub(super) trait Understood {
    /// Nothing where there is none, or a strange one. Both are told in the log: nobody else hears why.
    fn and_then_parse<T>(self, parse: impl FnOnce(Value) -> Option<T>) -> Option<T>;
}

impl Understood for Result<Value, Failure> {
    fn and_then_parse<T>(self, parse: impl FnOnce(Value) -> Option<T>) -> Option<T> {
        match self {
            Ok(answer) => {
                let parsed = parse(answer);
                if parsed.is_none() {
                    tracing::warn!(target: "tollgate::redis", "a script answered what it never should");
                }
                parsed
            }
            Err(failure) => {
                tracing::debug!(target: "tollgate::redis", %failure, "no decision");
                None
            }
        }
    }
}
