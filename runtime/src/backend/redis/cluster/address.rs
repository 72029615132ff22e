//! Where nodes are, and how one connects to them.

use std::fmt;
use std::sync::Arc;

use ::redis::{Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, Value};

use super::super::failure::RedisFault;
use super::super::{client, direct};

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address {
    host: Arc<str>,
    port: u16,
}

impl Address {
    /// What stands in `MOVED` and `ASK`: `10.0.0.1:6379`, or `:6379`, which means the host that says so.
    pub(super) fn redirected(text: &str, from: &Self) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        Self::told(host, port.parse().ok()?, from)
    }

    /// What stands in `CLUSTER SLOTS`: host, port, and more that is of no use here.
    pub(super) fn listed(node: &Value, from: &Self) -> Option<Self> {
        let Value::Array(node) = node else { return None };
        let (Some(host), Some(Value::Int(port))) = (node.first(), node.get(1)) else { return None };
        let host = match host {
            Value::BulkString(host) => str::from_utf8(host).ok()?,
            Value::SimpleString(host) => host,
            Value::Nil => "",
            _ => return None,
        };
        Self::told(host, u16::try_from(*port).ok()?, from)
    }

    fn told(host: &str, port: u16, from: &Self) -> Option<Self> {
        match host {
            "?" => None, // the server does not know it either
            "" => Some(Self { host: Arc::clone(&from.host), port }),
            host => Some(Self { host: host.trim_matches(['[', ']']).into(), port }),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// What the user wrote: where the first nodes are, and how to speak with all of them.
pub(in crate::backend::redis) struct Seeds {
    addresses: Vec<Address>,
    /// User, password, TLS: of the first URL, for all nodes.
    pattern: ConnectionInfo,
}

impl Seeds {
    pub(in crate::backend::redis) fn new(urls: &[&str]) -> Result<Self, RedisFault> {
        let first = urls.first().ok_or(RedisFault::NoUrl)?;
        let addresses = urls.iter().map(|url| address_of(url)).collect::<Result<_, _>>()?;
        let pattern = first.into_connection_info().map_err(|_| RedisFault::NoUrl)?;
        Ok(Self { addresses, pattern })
    }

    pub(super) fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// How to connect to a node.
    pub(super) fn client(&self, address: &Address) -> Option<Client> {
        let (new_host, new_port) = (address.host.to_string(), address.port);
        let place = match self.pattern.addr() {
            ConnectionAddr::TcpTls { insecure, tls_params, .. } => ConnectionAddr::TcpTls {
                host: new_host,
                port: new_port,
                insecure: *insecure,
                tls_params: tls_params.clone(),
            },
            _ => ConnectionAddr::Tcp(new_host, new_port),
        };
        Client::open(direct(self.pattern.clone().set_addr(place))).ok()
    }
}

fn address_of(url: &str) -> Result<Address, RedisFault> {
    client(url)?;
    let info = url.into_connection_info().map_err(|_| RedisFault::NoUrl)?;
    match info.addr() {
        _ if info.redis_settings().db() != 0 => Err(RedisFault::OneServer),
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
            Ok(Address { host: host.as_str().into(), port: *port })
        }
        ConnectionAddr::Unix(_) => Err(RedisFault::OneServer),
        // Kinds of addresses that may come to be.
        _ => Err(RedisFault::NoUrl),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(url: &str) -> Address {
        address_of(url).unwrap()
    }

    #[test]
    fn redirections_are_read() {
        let from = address("redis://10.0.0.1:7000");
        let read = |text| Address::redirected(text, &from).map(|address| address.to_string());
        assert_eq!(read("10.0.0.2:7001").as_deref(), Some("10.0.0.2:7001"));
        assert_eq!(read(":7001").as_deref(), Some("10.0.0.1:7001"));
        assert_eq!(read("::1:7001").as_deref(), Some("::1:7001"));
        assert_eq!(read("redis-2.example:7001").as_deref(), Some("redis-2.example:7001"));
        for odd in ["", "10.0.0.2", "10.0.0.2:", "10.0.0.2:70000", "?:7001"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn nodes_are_read_as_servers_list_them() {
        let from = address("redis://10.0.0.1:7000");
        let read =
            |node: Vec<Value>| Address::listed(&Value::Array(node), &from).map(|address| address.to_string());
        let text = |text: &str| Value::BulkString(text.into());
        assert_eq!(read(vec![text("10.0.0.2"), Value::Int(1), text("id")]).as_deref(), Some("10.0.0.2:1"));
        assert_eq!(read(vec![Value::Nil, Value::Int(1)]).as_deref(), Some("10.0.0.1:1"));
        for odd in
            [vec![], vec![text("a")], vec![text("a"), Value::Int(-1)], vec![Value::Int(1), Value::Int(1)]]
        {
            assert_eq!(read(odd), None);
        }
    }

    #[test]
    fn all_nodes_are_spoken_with_as_with_the_first() {
        let seeds = Seeds::new(&["redis://user:secret@a.example:1", "redis://b.example:2"]).unwrap();
        let [first, second] = seeds.addresses() else { panic!("two") };
        assert_eq!((first.to_string(), second.to_string()), ("a.example:1".into(), "b.example:2".into()));
        let info = seeds.client(second).unwrap().get_connection_info().clone();
        assert_eq!(*info.addr(), ConnectionAddr::Tcp("b.example".into(), 2));
        assert_eq!(info.redis_settings().password(), Some("secret"));
    }

    #[test]
    fn what_is_no_node_of_a_cluster_is_told() {
        for url in ["redis://127.0.0.1/3", "unix:///run/redis.sock"] {
            assert_eq!(Seeds::new(&[url]).err(), Some(RedisFault::OneServer), "{url}");
        }
        assert_eq!(Seeds::new(&[]).err(), Some(RedisFault::NoUrl));
        assert_eq!(Seeds::new(&["redis://127.0.0.1", "127.0.0.1"]).err(), Some(RedisFault::NoUrl));
    }
}
