//! Who decides: plain commands, tollgate and its peers, each with a connection of its own.

use std::sync::Arc;

use redis::{AsyncConnectionConfig, Client, IntoConnectionInfo, aio::MultiplexedConnection};
use tollgate::__private::{Rate, SharedLimiter};

use super::peers::{Tower, Trypema};
use crate::Failure;

/// What a row measures.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Get,
    Incr,
    Tollgate { rates: &'static [Rate], lease: u32, shares_calls: bool },
    TowerRateLimitRedis,
    Trypema,
}

/// One that decides. A clone of it decides on the same connection.
#[derive(Clone)]
pub(super) enum Subject {
    Get(MultiplexedConnection),
    Incr(MultiplexedConnection),
    Tollgate(Arc<SharedLimiter>),
    Tower(Tower),
    Trypema(Trypema),
}

impl Subject {
    /// Connects. `name` is its own on that server.
    pub(super) async fn connect(kind: Kind, url: &str, name: &str, clients: usize) -> Result<Self, Failure> {
        Ok(match kind {
            Kind::Get => Self::Get(connection(url).await?),
            Kind::Incr => Self::Incr(connection(url).await?),
            Kind::Tollgate { rates, lease, shares_calls } => {
                Self::Tollgate(SharedLimiter::redis(url, name, rates, lease, shares_calls)?.into())
            }
            Kind::TowerRateLimitRedis => Self::Tower(Tower::connect(url, clients).await?),
            Kind::Trypema => Self::Trypema(Trypema::connect(url, clients).await?),
        })
    }

    /// Whether a client is admitted now.
    pub(super) async fn admit(&mut self, client: usize) -> Result<bool, Failure> {
        match self {
            Self::Get(connection) => plain(connection, "GET", client).await,
            Self::Incr(connection) => plain(connection, "INCR", client).await,
            Self::Tollgate(limiter) => {
                limiter.admit(&key(client)).await.ok_or_else(|| "Redis did not decide".into())
            }
            Self::Tower(tower) => tower.admit(client).await,
            Self::Trypema(trypema) => trypema.admit(client).await,
        }
    }
}

/// As a service tells a client by its API key.
pub(super) fn key(client: usize) -> String {
    format!("client-{client:08}")
}

async fn connection(url: &str) -> Result<MultiplexedConnection, Failure> {
    let info = url.into_connection_info()?;
    let settings = info.tcp_settings().clone().set_nodelay(true);
    let client = Client::open(info.set_tcp_settings(settings))?;
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    Ok(client.get_multiplexed_async_connection_with_config(&config).await?)
}

async fn plain(connection: &mut MultiplexedConnection, name: &str, client: usize) -> Result<bool, Failure> {
    let mut command = redis::cmd(name);
    command.arg(key(client));
    connection.send_packed_command(&command).await?.extract_error()?;
    Ok(true)
}
