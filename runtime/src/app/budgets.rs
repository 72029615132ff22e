//! What a `Tollgate` does with the budgets of its limits besides charging them.

use std::task::{Context, Waker};

use tokio::runtime::Handle;

use super::Tollgate;
use crate::rate_limit::http::Receipt;

impl Tollgate {
    /// Gives back what was charged for answers that did not come about.
    ///
    /// An answer does not wait for a store: a task of its own hears what it says. What this process knows is put right before,
    /// and the store is told in the order in which it is asked. Where it is away, the permits are lost until they are earned
    /// again, and nobody is admitted for them.
    pub(crate) fn give_back(&self, receipts: Vec<Receipt>) {
        let tollgate = self.clone();
        let mut giving = Box::pin(async move {
            for receipt in receipts {
                let (asks, now) = (std::slice::from_ref(&receipt.ask), tollgate.clock().now());
                // Nothing can be done about a store that is away.
                let _ = tollgate.budgets().give_back(asks, receipt.how, &receipt.charges, now).await;
            }
        });
        let is_done = giving.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        if let (false, Ok(runtime)) = (is_done, Handle::try_current()) {
            runtime.spawn(giving);
        }
    }
}
