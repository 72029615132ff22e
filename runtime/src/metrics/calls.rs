//! How long calls take, and how long they wait for a place.

use std::time::Duration;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::http_server::BOUNDARIES;
use super::policy::Calls;
use crate::core::{Lasted, Policy, PolicyEntry, Site, SiteId};

type Label = [(&'static str, &'static str); 1];
type Durations = Family<Label, Histogram, fn() -> Histogram>;

/// A histogram for each site that has a policy, and the site's name; by the index of the site.
#[derive(Debug)]
struct BySite(Box<[Option<(&'static str, Histogram)>]>);

/// The durations of one `Tollgate`, all there from the start.
#[derive(Debug)]
pub(super) struct CallDurations {
    calls: BySite,
    waits: BySite,
}

impl CallDurations {
    /// Registers them.
    pub(super) fn new(registry: &mut Registry, sites: &[&'static Site]) -> Self {
        let mut family = |name, help, has: fn(&PolicyEntry) -> bool| {
            let family = Durations::new_with_constructor(|| Histogram::new(BOUNDARIES));
            registry.register_with_unit(name, help, Unit::Seconds, family.clone());
            let of_site = |site: &&'static Site| {
                let is_there = site.policies().iter().any(has);
                is_there.then(|| (site.name(), family.get_or_create_owned(&[("site", site.name())])))
            };
            BySite(sites.iter().map(of_site).collect())
        };
        Self {
            calls: family(
                "tollgate_call_duration",
                "Duration of calls, with all of their attempts",
                |entry| entry.declared::<Calls>().is_some(),
            ),
            waits: family(
                "tollgate_bulkhead_wait",
                "How long calls waited for a place at a bulkhead, those too that got none",
                |entry| entry.policy == Policy::Bulkhead,
            ),
        }
    }

    /// A call took so long; `None` where nobody measures that.
    #[inline]
    pub(super) fn took(&self, site: SiteId, duration: Duration) -> Option<Lasted> {
        self.calls.observe(site, duration)
    }

    /// A call waited so long; `None` where there is nothing to wait for.
    #[inline]
    pub(super) fn waited(&self, site: SiteId, duration: Duration) -> Option<Lasted> {
        self.waits.observe(site, duration)
    }
}

impl BySite {
    #[inline]
    fn observe(&self, site: SiteId, duration: Duration) -> Option<Lasted> {
        let (name, histogram) = self.0.get(site.index())?.as_ref()?;
        histogram.observe(duration.as_secs_f64());
        Some(Lasted::new(name, duration))
    }
}
