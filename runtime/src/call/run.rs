//! The policies around one call.

use super::limit;
use super::rejection::Refusable;
use super::site::Call;

/// Runs a function once, behind the policies of its site. A refused call never polls it.
pub async fn once<R, F>(call: Call, function: F) -> R
where
    F: Future<Output = R>,
    R: Refusable,
{
    if let Some(limited) = call.site.limit()
        && let Err(rejected) = limit::admit(call.site, limited, call.limit_key).await
    {
        return R::refused(rejected);
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
