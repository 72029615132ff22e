//! The store on a cluster of three masters with a replica each.

use tollgate_servers::RedisCluster;

use super::*;

#[test]
fn a_cluster_does_all_that_a_shared_store_does() {
    let (cluster, namespace) = (RedisCluster::start(), namespace());
    let connect = || {
        let mut urls = cluster.urls();
        let settings = Settings { url: urls.remove(0), namespace: namespace.clone(), timeout: PATIENT };
        RedisBreakers::new(Redis::cluster(&settings, &urls, Arc::new(SystemClock::new())).unwrap())
    };
    RUNTIME.block_on(place(connect(), connect()).all());
}
