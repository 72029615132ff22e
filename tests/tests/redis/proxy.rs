//! What stands between a service and its server, and makes the way long, or cuts it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tollgate::{Clock, SystemClock};
use tollgate_servers::RedisServer;

/// A proxy on a port of its own. Ends with the runtime.
#[derive(Debug)]
pub(crate) struct Proxy {
    port: u16,
    way: Arc<Way>,
}

#[derive(Debug, Default)]
struct Way {
    delay_millis: AtomicU64,
    is_cut: AtomicBool,
    links: Mutex<Vec<AbortHandle>>,
}

impl Proxy {
    /// That changes nothing yet.
    pub(crate) async fn to(server: &RedisServer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, to, way) = (listener.local_addr().unwrap().port(), server.port(), Arc::<Way>::default());
        tokio::spawn(accept(listener, to, Arc::clone(&way)));
        Self { port, way }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// From now on each reply takes that much longer.
    pub(crate) fn delay(&self, delay: Duration) {
        self.way.delay_millis.store(u64::try_from(delay.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// Ends all connections, and from now on every new one. The server keeps what it has, and hears nothing.
    pub(crate) fn cut(&self) {
        self.way.is_cut.store(true, Ordering::SeqCst);
        for link in self.way.links.lock().unwrap().drain(..) {
            link.abort();
        }
    }

    pub(crate) fn mend(&self) {
        self.way.is_cut.store(false, Ordering::SeqCst);
    }
}

async fn accept(listener: TcpListener, port: u16, way: Arc<Way>) {
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let mut links = way.links.lock().unwrap();
        if !way.is_cut.load(Ordering::SeqCst) {
            links.push(tokio::spawn(link(client, port, Arc::clone(&way))).abort_handle());
        }
    }
}

async fn link(client: TcpStream, port: u16, way: Arc<Way>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let (mut from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    tokio::select! {
        _ = copy(&mut from_client, &mut to_server) => {}
        () = replies(from_server, to_client, &way) => {}
    }
}

async fn replies(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, way: &Way) {
    let clock = SystemClock::new();
    let mut bytes = vec![0; 16_384];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        let delay = Duration::from_millis(way.delay_millis.load(Ordering::Relaxed));
        clock.sleep_until(clock.now().saturating_add(delay)).await;
        if to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}
