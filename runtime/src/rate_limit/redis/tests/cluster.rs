//! The store on a cluster of three masters with a replica each.

use tollgate_servers::RedisCluster;

use super::decisions::Waited;
use super::*;
use crate::rate_limit::contract::contract;

/// One cluster for all tests that do it no harm.
static CLUSTER: LazyLock<RedisCluster> = LazyLock::new(RedisCluster::start);

fn connect(namespace: &str) -> Redis {
    let mut urls = CLUSTER.urls();
    let settings = Settings { url: urls.remove(0), namespace: namespace.to_owned(), timeout: PATIENT };
    Redis::cluster(&settings, &urls, Arc::new(SystemClock::new())).unwrap()
}

fn connect_in(namespace: &str) -> Arc<RedisStore> {
    Arc::new(RedisStore::new(connect(namespace), Sharing::On))
}

/// The limits of the suite stand for those of one function, which are in one slot.
fn on_cluster() -> Waited {
    Waited { store: RedisStore::new(connect(&namespace()).in_one_slot(), Sharing::On), is_timed: false }
}

contract!(timeless on_cluster);

#[test]
fn keys_of_one_limit_are_spread_over_all_masters() {
    const RATES: &[Rate] = &[Rate::new("default", 5, HOUR), Rate::new("day", 50, 24 * HOUR)];
    let namespace = namespace();
    let store = connect_in(&namespace);
    for client in 0..40 {
        assert!(RUNTIME.block_on(admits(&store, ask(&format!("client{client}"), 1, RATES))).unwrap());
    }
    let counts: Vec<usize> = (0..CLUSTER.shards())
        .map(|shard| CLUSTER.master(shard).command(&["KEYS", &format!("{namespace}:*")]).list().len())
        .collect();
    assert_eq!(counts.iter().sum::<usize>(), 80);
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
}

#[test]
fn what_one_slot_charged_is_given_back_where_another_refuses() {
    const FIVE: &[Rate] = &[Rate::new("default", 5, HOUR)];
    const ONE: &[Rate] = &[Rate::new("default", 1, HOUR)];
    let store = connect_in(&namespace());
    // With so many keys the narrow limit is in another slot than the wide one, whichever is asked first.
    for client in 0..10 {
        let key = format!("client{client}");
        let wide = || Ask { scope: Scope::new(1), ..ask(&key, 1, FIVE) };
        let narrow = || Ask { scope: Scope::new(2), ..ask("all", 1, ONE) };
        let expected = client == 0;
        let decision = RUNTIME.block_on(store.decide(&[wide(), narrow()])).unwrap();
        assert_eq!([0, 1].map(|place| decision.rulings[place].fits()), [true, expected]);
        assert_eq!(decision.granted, u32::from(expected));
        let remaining = RUNTIME.block_on(store.read(&[wide(), narrow()])).unwrap();
        let told = decision.rulings[0].standing(&FIVE[0], Moment::ORIGIN).remaining;
        assert_eq!(
            [told, remaining[0].remaining, remaining[1].remaining],
            [5 - u32::from(expected), told, 0]
        );
    }
}

#[test]
fn a_hundred_requests_through_four_processes_are_admitted_up_to_exactly_five() {
    const FIVE: &[Rate] = &[Rate::new("default", 5, HOUR)];
    let namespace = namespace();
    let stores: Vec<_> = (0..4).map(|_| connect_in(&namespace)).collect();
    assert_eq!(RUNTIME.block_on(together::at_once(&stores, 100, FIVE)), 5);
}
