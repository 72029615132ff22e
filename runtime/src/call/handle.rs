//! What a `control = ..` names: a static by which other code reaches what a function has kept.

use std::any::TypeId;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use super::keys::{CacheKeys, KeyBytes};
use super::shape::{Cacheable, Shape};
use super::site::CallSite;
use crate::app::{By, Going, Held};
use crate::cache::{Mark, Standing};
use crate::core::{Control, Policy};

tokio::task_local! {
    /// The function whose next call makes its value anew.
    static RENEWED: Cell<Option<&'static CallSite>>;
}

/// Reaches what one [`call::cached`](macro@super::cached) function keeps: looks at it, throws it away, has it made anew.
///
/// `K` is a tuple of the arguments that are its key, in their order, each as its owner has it: `String` for a `&str`, `T` for a `&T`. With
/// `key = ".."` it is a `String` for each pair of braces. `V` is what is kept: the `T` of a `Result<T, E>` or an `Option<T>`, and all of it
/// where `cache_errors` or `cache_none` keeps that, too. The compiler checks both where the attribute names the handle.
///
/// ```
/// use tollgate::call::{self, CacheHandle};
///
/// static ELEVATIONS: CacheHandle<(String,), u32> = CacheHandle::new();
///
/// #[call::cached(ttl = "5m", control = ELEVATIONS)]
/// async fn handle_elevation(iata: &str) -> Option<u32> {
///     (iata == "CDG").then_some(119)
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let charles_de_gaulle = ("CDG".to_owned(),);
/// assert_eq!(ELEVATIONS.peek(&charles_de_gaulle), None);
/// assert_eq!(ELEVATIONS.refresh(handle_elevation("CDG")).await, Some(119));
/// assert_eq!(ELEVATIONS.peek(&charles_de_gaulle), Some(119));
/// ELEVATIONS.invalidate(&charles_de_gaulle).await;
/// assert_eq!(ELEVATIONS.peek(&charles_de_gaulle), None);
/// # });
/// ```
///
/// A handle is of one function: where two name it, no `Tollgate` can be [built](crate::TollgateBuilder::build).
pub struct CacheHandle<K, V> {
    site: OnceLock<Option<&'static CallSite>>,
    of: PhantomData<fn(K) -> V>,
}

impl<K: CacheKeys, V: Cacheable> CacheHandle<K, V> {
    /// The handle of the function whose attribute names it; of none, it knows nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { site: OnceLock::new(), of: PhantomData }
    }

    /// What a call would be given without waiting. Runs nothing, counts as no use, and asks this process alone.
    #[must_use]
    pub fn peek(&self, key: &K) -> Option<V> {
        let (held, site) = self.in_force()?;
        let key = key_of::<K, V>(site, key);
        let (entry, standing) = held.caches().values().peek(key.as_slice(), held.clock().now())?;
        match standing {
            Standing::Fresh { .. } | Standing::Early { .. } | Standing::Stale { .. } => {
                entry.value.downcast_ref::<V>().cloned()
            }
            Standing::LastResort { .. } | Standing::Spent { .. } => None,
        }
    }

    /// Throws a value away: here at once, and in all processes that share a store. What is being made meanwhile is not kept.
    pub async fn invalidate(&self, key: &K) {
        if let Some(site) = self.site() {
            let key = key_of::<K, V>(site, key);
            throw_away(Mark::entry(site.site().name(), key.of_arguments())).await;
        }
    }

    /// The same for all values of the function.
    pub async fn invalidate_all(&self) {
        if let Some(site) = self.site() {
            throw_away(Mark::site(site.site().name())).await;
        }
    }

    /// Runs a call of the function, whatever is kept, and keeps what it answers. Where that may not be kept, what was kept before stays.
    ///
    /// The call is the first of its function that the future makes. One in a task that it spawns is a call like any other.
    pub async fn refresh<C: Future>(&self, call: C) -> C::Output {
        let Some(site) = self.site() else { return call.await };
        let _under_way = UnderWay::of(site);
        RENEWED.scope(Cell::new(Some(site)), call).await
    }

    /// Its function, and the `Tollgate` in force, where that has caches.
    fn in_force(&self) -> Option<(Held, &'static CallSite)> {
        let held = Held::of_task();
        self.site().filter(|_| held.is_enabled(Policy::Cache)).map(|site| (held, site))
    }

    fn site(&self) -> Option<&'static CallSite> {
        *self.site.get_or_init(|| Control::function_of(self))
    }
}

impl<K: CacheKeys, V: Cacheable> Default for CacheHandle<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> fmt::Debug for CacheHandle<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheHandle").finish_non_exhaustive()
    }
}

fn key_of<K: CacheKeys, V: Cacheable>(site: &CallSite, parts: &K) -> KeyBytes {
    let mut key = KeyBytes::of(site.site().id().number(), TypeId::of::<V>());
    parts.record(&mut key);
    key.close();
    key
}

/// What a shared store does not hear of now it is told as soon as it is back.
async fn throw_away(mark: Mark) {
    let by = By { name: "tollgate::call::CacheHandle", policy: None };
    Going::new((*Held::of_task()).clone(), [mark].into_iter().collect(), by).goes().await;
}

/// A call that makes its value anew.
struct UnderWay(&'static CallSite);

impl UnderWay {
    fn of(site: &'static CallSite) -> Self {
        site.renewals().fetch_add(1, Ordering::Relaxed);
        Self(site)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.renewals().fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether this call of the function is to make its value anew; the next one is not.
#[inline]
pub(super) fn is_made_anew(site: &'static CallSite) -> bool {
    site.renewals().load(Ordering::Relaxed) > 0 && takes_mark(site)
}

#[cold]
fn takes_mark(site: &'static CallSite) -> bool {
    let take = |renewed: &Cell<Option<&'static CallSite>>| {
        let is_meant = renewed.get().is_some_and(|meant| ptr::eq(meant, site));
        if is_meant {
            renewed.set(None);
        }
        is_meant
    };
    RENEWED.try_with(take).unwrap_or_default()
}

/// The shape of a function whose handle has the types of its key and its value.
pub fn controlled<R, K, S>(shape: S, handle: &'static CacheHandle<K, S::Value>) -> S
where
    S: Shape<R>,
    K: CacheKeys,
{
    let _ = handle;
    shape
}
