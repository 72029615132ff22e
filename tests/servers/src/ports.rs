//! Ports that nobody uses.

use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Below those that systems hand out to clients (32768 and up): a client that tries again and again to reach a dead
/// server must never be given the server's own port, where it would meet itself and keep the server from coming back.
const FIRST: u32 = 10_000;
/// Nodes of a cluster speak with each other on the port that many above, which is below 32768 too.
const BUS: u32 = 10_000;
const COUNT: u32 = 10_000;

/// A port, free now, as is the one that the node of a cluster has beside it.
pub(crate) fn free() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Processes that start together begin at different places.
    let start = process::id().wrapping_mul(61);
    for _ in 0..COUNT {
        let port = FIRST + start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
        if is_free(port) && is_free(port + BUS) {
            return u16::try_from(port).unwrap();
        }
    }
    panic!("all ports from {FIRST} on are in use");
}

fn is_free(port: u32) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, u16::try_from(port).unwrap())).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_not_free() {
        let port = free();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        assert!(!is_free(port.into()));
        drop(listener);
        assert!(is_free(port.into()));
        assert_ne!(free(), port);
    }
}
