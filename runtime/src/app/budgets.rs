//! What a `Tollgate` does with the budgets of its limits besides charging them.

use tokio::runtime::Handle;

use super::Tollgate;
use crate::rate_limit::http::Receipt;

impl Tollgate {
    /// Gives back what was charged for answers that did not come about.
    ///
    /// An answer does not wait for a store: a task of its own tells it. Where it is away, the permits are lost until they are
    /// earned again, and nobody is admitted for them.
    pub(crate) fn give_back(&self, receipts: Vec<Receipt>) {
        if let Some(memory) = self.budgets().memory() {
            let now = self.clock().now();
            for receipt in &receipts {
                memory.give_back(std::slice::from_ref(&receipt.ask), &receipt.charges, now);
            }
            return;
        }
        let tollgate = self.clone();
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                for receipt in receipts {
                    let (asks, now) = (std::slice::from_ref(&receipt.ask), tollgate.clock().now());
                    // Nothing can be done about a store that is away, and it counts that itself.
                    let _ = tollgate.budgets().give_back(asks, receipt.how, &receipt.charges, now).await;
                }
            });
        }
    }
}
