//! A call that is answered with a value that was kept, or makes it, once for all who want it.

mod asked;

use std::any::{TypeId, type_name};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use self::asked::{Asked, Ttl, nanos};
use super::handle::is_made_anew;
use super::keys::KeyBytes;
use super::marks::CallMarks;
use super::shape::{Cacheable, Shape, Sharing};
use super::site::CallSite;
use crate::app::Held;
use crate::cache::codec::{Kept, Probe};
use crate::cache::{CachedCall, Entry, Mark, Question, Standing};
use crate::core::{Outcome, Policy, Sink, Told};

/// What there is of a call's answer.
#[must_use = "a call runs when its future is awaited"]
pub enum Looked<R, S: Shape<R>> {
    /// It was kept.
    Known(R),
    /// It has to be made.
    Unknown(Box<Miss<R, S>>),
}

impl<R, S: Shape<R>> Looked<R, S> {
    /// The answer, which is made where nothing is kept.
    #[inline]
    pub async fn or_make<F: Future<Output = R>>(self, make: impl FnOnce(Box<Miss<R, S>>) -> F) -> R {
        match self {
            Self::Known(answer) => answer,
            // Boxed, so that callers whose answers are kept do not carry about what making one takes.
            Self::Unknown(miss) => Box::pin(make(miss)).await,
        }
    }
}

/// Looks for what is kept for a call. Waits for nobody.
#[inline]
pub fn cached<R, S>(site: &'static CallSite, shape: S, record: impl FnOnce(&mut KeyBytes)) -> Looked<R, S>
where
    S: Shape<R>,
    S::Value: Cacheable,
{
    let held = Held::of_task();
    let mut key = KeyBytes::of(site.site().id().number(), TypeId::of::<S::Value>());
    let Some(policy) = site.cache().filter(|_| held.is_enabled(Policy::Cache)) else {
        return Looked::Unknown(Miss::boxed(held, site, None, shape, key, None));
    };
    record(&mut key);
    key.close();
    if is_made_anew(site) {
        return Looked::Unknown(Miss::boxed(held, site, Some(policy), shape, key, Some(Present::Ignored)));
    }
    let present = match held.caches().values().get(key.as_slice(), held.clock().now()) {
        Some((entry, standing)) => {
            if let (Standing::Fresh { .. }, Some(value)) = (standing, entry.value.downcast_ref::<S::Value>())
            {
                tell(&held, site, Outcome::Hit);
                return Looked::Known(shape.answer(value.clone()));
            }
            Some(Present::Entry(entry, standing))
        }
        None => None,
    };
    Looked::Unknown(Miss::boxed(held, site, Some(policy), shape, key, present))
}

fn tell(held: &Held, site: &CallSite, outcome: Outcome) {
    held.instruments().tell(Told::new(site.site().id(), site.slot_of(Policy::Cache), outcome));
}

/// What memory has that is of no use as it is.
enum Present {
    /// It is stale, or soon will be.
    Entry(Arc<Entry>, Standing),
    /// Whatever it is: it is to be made anew.
    Ignored,
}

/// A call for which nothing fresh is kept.
#[must_use = "a call runs when its future is awaited"]
pub struct Miss<R, S: Shape<R>> {
    held: Held,
    site: &'static CallSite,
    /// `None` where the cache is switched off.
    policy: Option<&'static CachedCall>,
    shape: S,
    key: KeyBytes,
    present: Option<Present>,
    marks: CallMarks,
    ttl: Ttl<S::Value>,
    /// How it is written and weighed.
    kept: Option<Kept<S::Value>>,
    of: PhantomData<fn() -> R>,
}

/// What generated code calls. No bound stands here: a method that is not there would hide what is said of a value that cannot be kept.
impl<R, S: Shape<R>> Miss<R, S> {
    /// Fresh for so long, whatever comes of it.
    #[must_use]
    pub fn ttl(mut self: Box<Self>, time: Duration) -> Box<Self> {
        self.ttl = Ttl::Nanos(nanos(time));
        self
    }

    /// Fresh for as long as the value says.
    #[must_use]
    pub fn ttl_of(mut self: Box<Self>, ttl: fn(&S::Value) -> Duration) -> Box<Self> {
        self.ttl = Ttl::Of(ttl);
        self
    }

    /// Written and weighed as the compiler finds that its type can be.
    #[must_use]
    pub fn kept(mut self: Box<Self>, ask: impl FnOnce(Probe<S::Value>) -> Kept<S::Value>) -> Box<Self> {
        self.kept = Some(ask(Probe::new()));
        self
    }

    /// With what it can be thrown away by.
    #[must_use]
    pub fn marked(mut self: Box<Self>, mark: impl FnOnce(&mut CallMarks)) -> Box<Self> {
        if self.policy.is_some() {
            mark(&mut self.marks);
        }
        self
    }

    /// Has it made, once for all who want it. The work goes on as long as anybody waits for it.
    pub async fn fetch<H, F>(self: Box<Self>, sharing: H, work: F) -> R
    where
        S::Value: Cacheable,
        R: Send + 'static,
        H: Sharing<R>,
        F: Future<Output = R> + Send + 'static,
    {
        let Some((asked, question, present)) = self.question() else { return work.await };
        let values = asked.held.caches().values();
        let mut work = Some(asked.in_scope(work));
        match present {
            Some(Present::Ignored) => {
                let made = values.renew(question, || asked.make(sharing, work.take())).await;
                asked.answer(made, sharing, work).await
            }
            Some(Present::Entry(entry, standing @ (Standing::Early { .. } | Standing::Stale { .. }))) => {
                let refreshed = values.refresh(question, || asked.make(sharing, work.take()));
                asked.answer_at_once(&entry, standing, refreshed, work).await
            }
            Some(Present::Entry(..)) | None => {
                let fetched = values.fetch(question, || asked.make(sharing, work.take())).await;
                asked.answer(fetched, sharing, work).await
            }
        }
    }

    /// The same for work that borrows: it is dropped with whoever does it, and another one who waits does its own.
    pub async fn fetch_here<H, F>(self: Box<Self>, sharing: H, work: F) -> R
    where
        S::Value: Cacheable,
        H: Sharing<R>,
        F: Future<Output = R>,
    {
        let Some((asked, question, present)) = self.question() else { return work.await };
        let values = asked.held.caches().values();
        let mut work = Some(work);
        let fetched = match present {
            Some(Present::Ignored) => values.renew_here(question, || asked.make(sharing, work.take())).await,
            // It is still of use, and somebody makes it anew.
            Some(Present::Entry(entry, standing @ (Standing::Early { .. } | Standing::Stale { .. })))
                if matches!(standing, Standing::Early { .. }) || values.is_being_made(&question) =>
            {
                return asked.answer_at_once(&entry, standing, false, work).await;
            }
            Some(Present::Entry(..)) | None => {
                values.fetch_here(question, || asked.make(sharing, work.take())).await
            }
        };
        asked.answer(fetched, sharing, work).await
    }
}

impl<R, S> Miss<R, S>
where
    S: Shape<R>,
    S::Value: Cacheable,
{
    #[cold]
    fn boxed(
        held: Held,
        site: &'static CallSite,
        policy: Option<&'static CachedCall>,
        shape: S,
        key: KeyBytes,
        present: Option<Present>,
    ) -> Box<Self> {
        let ttl = Ttl::Nanos(policy.and_then(|policy| policy.ttl).unwrap_or_default());
        let marks = CallMarks::default();
        Box::new(Self { held, site, policy, shape, key, present, marks, ttl, kept: None, of: PhantomData })
    }

    /// `None` where the cache is switched off.
    fn question(self) -> Option<(Asked<R, S>, Question, Option<Present>)> {
        let Self { held, site, policy, shape, key, present, marks, ttl, kept, of } = self;
        let policy = policy?;
        let name = site.site().name();
        let mut marks = marks.into_marks();
        marks.push(Mark::site(name));
        if site.has_handle() {
            marks.push(Mark::entry(name, key.of_arguments()));
        }
        let codec = kept.and_then(|kept| kept.codec());
        if codec.is_none() && held.caches().values().is_shared() {
            site.tell_that_it_stays_here();
        }
        let mut types = key.types();
        types.push(type_name::<S::Value>);
        let question = Question {
            key: key.as_slice().into(),
            local: key.local(),
            site: name,
            types,
            marks,
            codec,
            on_store_error: policy.on_store_error,
            lease: policy.lease,
            present: match &present {
                Some(Present::Entry(entry, _)) => Some(Arc::clone(entry)),
                Some(Present::Ignored) | None => None,
            },
            is_strict: false,
        };
        let bytes = key.as_slice().len();
        Some((Asked { held, site, policy, shape, ttl, kept, bytes, of }, question, present))
    }
}

impl<R, S: Shape<R>> fmt::Debug for Looked<R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known(_) => "Known(..)",
            Self::Unknown(_) => "Unknown(..)",
        })
    }
}

impl<R, S: Shape<R>> fmt::Debug for Miss<R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Miss").field("site", &self.site.site().name()).finish_non_exhaustive()
    }
}
