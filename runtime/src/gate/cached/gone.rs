//! What a function throws away after a success.

use http::StatusCode;

use super::texts::{Texts, Wanted};
use crate::app::{By, Going, Held};
use crate::cache::{Mark, Marks};
use crate::core::Policy;
use crate::gate::policies::Guarded;
use crate::gate::visit::Visit;

impl<P: Guarded> Visit<P> {
    /// What goes after a success, as the arguments have it now. Boxed, because it is kept while the function runs, by functions, too, that throw
    /// nothing away.
    #[inline]
    pub(super) fn going(&self, describe: impl Fn(Wanted, &mut Texts)) -> Option<Box<Going>> {
        let policy = P::POLICIES.invalidation()?;
        let held = self.invalidating()?;
        let mut marks: Marks = policy.site.map(Mark::site).into_iter().collect();
        let mut add = |wanted, mark: fn(&str) -> Mark| {
            let mut texts = Texts::default();
            describe(wanted, &mut texts);
            marks.extend(texts.iter().map(mark));
        };
        add(Wanted::GoneTags, Mark::tag);
        add(Wanted::GoneKeys, Mark::key);
        let site = P::site();
        let by = By { name: site.name(), policy: Some((site.id(), P::POLICIES.invalidates_slot())) };
        Some(Box::new(Going::new((**held).clone(), marks, by)))
    }

    fn invalidating(&self) -> Option<&Held> {
        self.held.as_ref().filter(|held| held.is_enabled(Policy::Invalidate))
    }
}

/// Throws it away before the answer is sent, where that is a success: whoever has it asks for what is new.
#[cold]
pub(super) async fn answered(going: Box<Going>, status: StatusCode) {
    if status.is_success() || status.is_redirection() {
        going.goes().await;
    } else {
        going.stays();
    }
}
