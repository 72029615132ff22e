//! How much caches hold, read when somebody scrapes.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;

use crate::core::Occupancy;

/// A cache by its name in metrics.
pub(crate) type NamedCache = (&'static str, Arc<dyn Occupancy>);

/// The gauges of all caches of one `Tollgate`.
pub(super) struct CacheGauges(Vec<NamedCache>);

impl CacheGauges {
    pub(super) fn of(caches: impl IntoIterator<Item = NamedCache>) -> Self {
        Self(caches.into_iter().collect())
    }
}

impl Collector for CacheGauges {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let read: Vec<_> = self.0.iter().map(|(name, cache)| (*name, cache.occupancy())).collect();
        let mut gauge = |name, help, unit, value: fn((u64, u64)) -> u64| {
            let mut family = encoder.encode_descriptor(name, help, unit, MetricType::Gauge)?;
            for (cache, occupancy) in &read {
                let value = i64::try_from(value(*occupancy)).unwrap_or(i64::MAX);
                family.encode_family(&[("cache", *cache)])?.encode_gauge(&value)?;
            }
            Ok(())
        };
        gauge("tollgate_cache_entries", "Entries that caches keep in memory.", None, |(entries, _)| entries)?;
        gauge("tollgate_cache", "What entries of caches take in memory.", Some(&Unit::Bytes), |(_, bytes)| {
            bytes
        })
    }
}

impl fmt::Debug for CacheGauges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheGauges").field("len", &self.0.len()).finish()
    }
}
