//! What a `Tollgate` does with the budgets of its limits besides charging them.

use super::Tollgate;
use crate::rate_limit::http::Receipt;

impl Tollgate {
    /// Gives back what was charged for answers that did not come about.
    pub(crate) fn give_back(&self, receipts: Vec<Receipt>) {
        drop(receipts);
    }
}
