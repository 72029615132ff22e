//! The cache of a function's answers: from what a request asks to an answer.

use std::marker::PhantomData;
use std::pin::Pin;

use super::texts::{Texts, Wanted};
use crate::app::{Held, Tollgate};
use crate::cache::http::{AnswerCodec, AnswersOf, Asked, Door, Found, Judge, Why};
use crate::cache::rfc::cache_status::NAME;
use crate::cache::{Made, Mark, Marks};
use crate::gate::answer::Answer;
use crate::gate::guarded::guarded;
use crate::gate::policies::Guarded;
use crate::gate::visit::Visit;
use crate::metrics::Instruments;
use axum::response::Response;

/// What answers of a function mean that returns `R`.
struct Meaning<P, R>(PhantomData<fn() -> (P, R)>);

impl<P: Guarded, R> Meaning<P, R> {
    const CODEC: &'static AnswerCodec = &AnswerCodec::new(Self::fingerprint);

    fn fingerprint() -> u64 {
        P::POLICIES.cache().map_or(0, AnswersOf::<R>::meaning)
    }
}

impl<P: Guarded> Visit<P> {
    /// Looks for an answer, without waiting. Where there is none, the function has something to do, and its answer these tags.
    #[inline]
    pub(super) fn look<R>(
        &self,
        mut asked: Box<Asked>,
        describe: impl Fn(Wanted, &mut Texts),
    ) -> (Box<Asked>, Found, Marks) {
        let Some((_, door)) = self.door::<R>() else {
            return (asked, Found::Alone(Why::Bypassed), Marks::new());
        };
        key_onto(&mut asked, door.policy.has_key, &describe);
        let found = door.look(&asked);
        let tags = match found {
            Found::Absent(_) | Found::Elsewhere(_) | Found::Renew(..) => tags(describe),
            Found::Answer(_) | Found::Alone(_) => Some(Marks::new()),
        };
        match (tags, found) {
            (Some(tags), found) => (asked, found, tags),
            // Nobody could throw it away.
            (None, Found::Renew(response, _)) => (asked, Found::Answer(response), Marks::new()),
            (None, _) => (asked, Found::Alone(Why::Bypassed), Marks::new()),
        }
    }

    /// What the function answers, by itself or for all who ask meanwhile.
    pub(super) async fn answered<R: Answer, F>(
        &self,
        asked: Box<Asked>,
        found: Found,
        tags: Marks,
        function: impl FnOnce() -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = R> + Send + 'static,
    {
        let Some((held, door)) = self.door::<R>() else {
            return guarded::<P, F>(self.held.as_deref(), function).await;
        };
        let (judge, tollgate) = (door.judge(&asked), (**held).clone());
        let found = match found {
            Found::Elsewhere(absent) => door.search(&asked, absent, tags.clone()).await,
            found => found,
        };
        match found {
            Found::Answer(response) => response,
            Found::Alone(why) => door.pass(why, guarded::<P, F>(Some(held), function).await),
            Found::Renew(response, entry) => {
                door.renew(&asked, tags, entry, work::<P, F>(tollgate, judge, function));
                response
            }
            Found::Absent(absent) | Found::Elsewhere(absent) => {
                door.make(asked, absent, tags, work::<P, F>(tollgate, judge, function)).await
            }
        }
    }

    #[inline]
    fn door<R>(&self) -> Option<(&Held, Door<'_, Instruments>)> {
        let (held, policy) = (self.held.as_ref()?, P::POLICIES.cache()?);
        let door = Door {
            cache: held.caches().answers(),
            clock: held.shared_clock(),
            sink: held.instruments(),
            policy,
            site: P::site(),
            slot: P::POLICIES.cached_slot(),
            name: NAME,
            codec: Meaning::<P, R>::CODEC,
        };
        Some((held, door))
    }
}

/// What makes an answer that may be kept: it may go on without its request, and within the `Tollgate` of that.
fn work<P, F>(
    tollgate: Tollgate,
    judge: Judge,
    function: impl FnOnce() -> F + Send + 'static,
) -> impl FnOnce() -> Pin<Box<dyn Future<Output = Made<Response>> + Send>>
where
    P: Guarded,
    F: Future<Output: Answer> + Send + 'static,
{
    move || {
        let held = tollgate.clone();
        let answer = async move { judge.of(guarded::<P, F>(Some(&held), function).await).await };
        Box::pin(tollgate.scoped(answer))
    }
}

/// What the function says of the key, or that the request is not for the cache: nobody knows what it is to be kept under. Without a text of its
/// own these are the types that it stands for, if any.
#[inline]
fn key_onto(asked: &mut Asked, has_text: bool, describe: &impl Fn(Wanted, &mut Texts)) {
    let mut texts = Texts::default();
    describe(Wanted::Key, &mut texts);
    let is_broken = texts.is_broken();
    let mut texts = texts.iter();
    if !has_text {
        asked.with_parts(texts);
        return;
    }
    match texts.next().filter(|_| !is_broken) {
        Some(text) => asked.with_text(text, texts),
        None => asked.bypass(),
    }
}

/// `None` where one of them cannot be written.
#[cold]
fn tags(describe: impl Fn(Wanted, &mut Texts)) -> Option<Marks> {
    let mut texts = Texts::default();
    describe(Wanted::Tags, &mut texts);
    (!texts.is_broken()).then(|| texts.iter().map(Mark::tag).collect())
}
