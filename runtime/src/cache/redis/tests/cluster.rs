//! The store on a cluster of three masters with a replica each.

use tollgate_servers::RedisCluster;

use super::*;

/// One cluster for all tests, one after another.
static CLUSTER: LazyLock<Mutex<RedisCluster>> = LazyLock::new(|| Mutex::new(RedisCluster::start()));

pub(super) fn connect(cluster: &RedisCluster, namespace: &str, timeout: Duration) -> RedisCache {
    let mut urls = cluster.urls();
    let settings = Settings { url: urls.remove(0), namespace: namespace.to_owned(), timeout };
    RedisCache::new(Redis::cluster(&settings, &urls, Arc::new(SystemClock::new())).unwrap())
}

pub(super) fn cluster() -> std::sync::MutexGuard<'static, RedisCluster> {
    CLUSTER.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn entries_and_marks_lie_in_slots_of_their_own_and_purges_reach_them() {
    let (cluster, namespace) = (cluster(), namespace());
    let (one, other) = (connect(&cluster, &namespace, PATIENT), connect(&cluster, &namespace, PATIENT));
    let ear = Ear::at(&other);
    ear.wait_for_connection(1);
    for number in 0..30_u32 {
        let (name, marks) = (format!("entry{number}"), [Mark::tag(&number.to_string()), Mark::ALL]);
        keep(&one, &name, &marks, &entry(name.as_bytes())).unwrap();
        assert_eq!(payload(look(&other, &name, &marks).unwrap()).unwrap(), name.as_bytes());
        invalidate(&one, &marks[..1]).unwrap();
        assert_eq!(look(&other, &name, &marks).unwrap().found, None);
        keep(&one, &name, &marks, &entry(b"again")).unwrap();
        wait_until("a message", || ear.marks().contains(&marks[0]));
    }
    let keys = |shard| cluster.master(shard).command(&["KEYS", &format!("{namespace}:*")]).list().len();
    assert!((0..cluster.shards()).all(|shard| keys(shard) > 0));
    for purged in [Mark::tag("7"), Mark::ALL] {
        let marks = [Mark::tag("7"), Mark::ALL];
        keep(&one, "entry7", &marks, &entry(b"x")).unwrap();
        assert!(look(&other, "entry7", &marks).unwrap().found.is_some());
        invalidate(&other, &[purged]).unwrap();
        assert_eq!(look(&one, "entry7", &marks).unwrap().found, None);
    }
    let many: Vec<_> = (0..300_u32).map(|number| Mark::key(&number.to_string())).collect();
    invalidate(&one, &many).unwrap();
    wait_until("messages", || many.iter().all(|mark| ear.marks().contains(mark)));
}

#[test]
fn a_slot_that_moved_takes_its_entries_along() {
    let (cluster, namespace) = (cluster(), namespace());
    let (cache, marks) = (connect(&cluster, &namespace, PATIENT), [Mark::tag("a")]);
    keep(&cache, "one", &marks, &entry(b"x")).unwrap();
    for key in [names::entry(&namespace, "one"), names::mark(&namespace, &marks[0])] {
        let slot = cluster.slot_of(&key);
        let has_it = |shard: &usize| !cluster.master(*shard).command(&["EXISTS", &key]).is_error();
        let from = (0..cluster.shards()).find(has_it).unwrap();
        let to = (from + 1) % cluster.shards();
        cluster.move_slot(slot, from, to);
        assert_eq!(payload(look(&cache, "one", &marks).unwrap()).unwrap(), b"x");
        invalidate(&cache, &marks).unwrap();
        assert_eq!(look(&cache, "one", &marks).unwrap().found, None);
        keep(&cache, "one", &marks, &entry(b"x")).unwrap();
        cluster.move_slot(slot, to, from);
        assert!(look(&cache, "one", &marks).unwrap().found.is_some());
    }
}

#[test]
fn a_listener_moves_on_when_its_node_is_away() {
    let (cluster, namespace) = (cluster(), namespace());
    let cache = connect(&cluster, &namespace, PATIENT);
    let ear = Ear::at(&cache);
    ear.wait_for_connection(1);
    look(&cache, "one", &[]).unwrap();
    let channel = names::channel(&namespace);
    let listens = |node: &&RedisServer| node.command(&["PUBSUB", "NUMSUB", &channel]).list()[1].number() == 1;
    let node = cluster.nodes().iter().find(listens).unwrap();
    node.stop();
    ear.wait_for_connection(2);
    node.resume();
    cluster.wait_until_well();
    wait_until("a purge", || invalidate(&cache, &[Mark::tag("a")]).is_ok());
    wait_until("a message", || ear.marks().contains(&Mark::tag("a")));
}
