//! The policies around one call.

use super::limit;
use super::rejection::FromRejected;
use super::site::Call;

/// Runs a function once, behind the policies of its site. A refused call never polls it.
pub async fn once<T, E, F>(call: Call, function: F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: FromRejected,
{
    if let Some(limited) = call.site.limit()
        && let Err(rejected) = limit::admit(call.site, limited, call.limit_key).await
    {
        return Err(E::from_rejected(rejected));
    }
    function.await
}

/// The type of an answer that never comes: `if false { return hint::<T>() }` tells the compiler what an async block returns, so that
/// it coerces in there what it coerces in a function.
#[must_use]
pub fn hint<T>() -> T {
    loop {
        std::hint::spin_loop();
    }
}
