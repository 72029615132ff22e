//! The signals that ask the program to end.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for that many signals to end, counted from this call.
///
/// One lets requests in flight finish; whoever sends a second one does not want to wait for them.
#[cfg(unix)]
pub(crate) fn after(count: usize) -> io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        for _ in 0..count {
            either(&mut interrupt, &mut terminate).await;
        }
    })
}

#[cfg(unix)]
async fn either(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

/// Waits for that many presses of Ctrl-C.
#[cfg(not(unix))]
pub(crate) fn after(count: usize) -> io::Result<impl Future<Output = ()>> {
    Ok(async move {
        for _ in 0..count {
            // Without a handler the system ends the program by itself, so there is nothing left to do here.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    })
}
