//! What every shared store does, on servers.

use super::*;
use crate::cache::contract::remote::Place;
use crate::core::Clock;

fn place(one: RedisCache, other: RedisCache) -> Place {
    let pass = |time| {
        let clock = SystemClock::new();
        clock.sleep_until(clock.now().saturating_add(time))
    };
    Place { one: Arc::new(one), other: Arc::new(other), pass: Box::new(pass) }
}

#[test]
fn a_server_does_all_that_a_shared_store_does() {
    let namespace = namespace();
    RUNTIME.block_on(place(shared(&namespace), shared(&namespace)).all());
}

#[test]
#[cfg(feature = "redis-cluster")]
fn a_cluster_does_all_that_a_shared_store_does() {
    let (cluster, namespace) = (cluster::cluster(), namespace());
    let connect = || cluster::connect(&cluster, &namespace, PATIENT);
    RUNTIME.block_on(place(connect(), connect()).all());
}
