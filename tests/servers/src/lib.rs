//! Servers that tests start for themselves, and break: Redis, and a Redis Cluster of three masters with a replica each.
//!
//! Every server has a folder of its own and ports that nobody uses, so tests share neither with each other nor with a
//! Redis that the machine runs anyway. It ends, and its folder goes, when its value is dropped, and also when the
//! process of the test ends in any other way: a shell waits for the end of the pipe to it.
//!
//! ```no_run
//! let redis = tollgate_servers::RedisServer::start();
//! redis.command(&["SET", "a", "1"]);
//! redis.kill();
//! redis.start_again(); // on the same port, and empty
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // what fails here is a test that fails

mod cluster;
mod guardian;
mod ports;
mod redis;
mod resp;

pub use cluster::RedisCluster;
pub use redis::RedisServer;
pub use resp::Reply;

use std::thread::sleep;
use std::time::Duration;

/// Asks every few milliseconds until the answer is yes: what happens in another process comes when it comes.
///
/// # Panics
/// After half a minute.
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    const PAUSE: Duration = Duration::from_millis(10);
    for _ in 0..3_000 {
        if is_so() {
            return;
        }
        sleep(PAUSE);
    }
    panic!("waited for half a minute, in vain: {what}");
}
