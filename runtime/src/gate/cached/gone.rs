//! What a function throws away after a success.

use http::StatusCode;
use tokio::runtime::Handle;

use super::texts::{Texts, Wanted};
use crate::app::{Held, Tollgate};
use crate::cache::{Mark, Marks};
use crate::core::{Outcome, Policy, Sink as _, Told};
use crate::gate::policies::Guarded;
use crate::gate::visit::Visit;

impl<P: Guarded> Visit<P> {
    /// What goes after a success, as the arguments have it now.
    #[inline]
    pub(super) fn gone(&self, describe: impl Fn(Wanted, &mut Texts)) -> Option<Marks> {
        let policy = P::POLICIES.invalidation()?;
        self.invalidating()?;
        let mut marks: Marks = policy.site.map(Mark::site).into_iter().collect();
        let mut add = |wanted, mark: fn(&str) -> Mark| {
            let mut texts = Texts::default();
            describe(wanted, &mut texts);
            marks.extend(texts.iter().map(mark));
        };
        add(Wanted::GoneTags, Mark::tag);
        add(Wanted::GoneKeys, Mark::key);
        Some(marks)
    }

    /// Throws it away, before the answer is sent: whoever has that asks for what is new.
    #[cold]
    pub(super) async fn throw_away(&self, gone: Marks, status: StatusCode) {
        let Some(held) = self.invalidating().filter(|_| status.is_success() || status.is_redirection())
        else {
            return;
        };
        let slot = P::POLICIES.invalidates_slot();
        let told = |outcome| held.instruments().tell(Told::new(P::site().id(), slot, outcome));
        told(Outcome::Invalidated);
        if !invalidated((**held).clone(), gone).await {
            told(Outcome::StoreFailed);
            warn(P::site().name());
        }
    }

    fn invalidating(&self) -> Option<&Held> {
        self.held.as_ref().filter(|held| held.is_enabled(Policy::Invalidate))
    }
}

/// Whether everybody has been told. What the function changed stays changed if the client leaves, so telling goes on without it.
async fn invalidated(tollgate: Tollgate, gone: Marks) -> bool {
    let invalidate = async move { tollgate.caches().invalidate(&gone).await.is_ok() };
    match Handle::try_current() {
        Ok(runtime) => runtime.spawn(invalidate).await.unwrap_or(false),
        Err(_) => invalidate.await,
    }
}

#[cold]
fn warn(site: &'static str) {
    tracing::warn!(
        site,
        "what a function threw away is gone in this process; the store that processes share is away, and the others are told when it is back"
    );
}
