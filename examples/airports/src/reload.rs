//! Reading the configuration again when the operator asks for it.

use std::io;

use tollgate::Tollgate;

/// Reads it again with every SIGHUP. A file that cannot be read changes nothing, and is told on standard error.
#[cfg(unix)]
pub(crate) fn on_hangup(tollgate: &Tollgate) -> io::Result<()> {
    use std::io::Write;

    use tokio::signal::unix::{SignalKind, signal};

    let mut hangups = signal(SignalKind::hangup())?;
    let tollgate = tollgate.clone();
    tokio::spawn(async move {
        while hangups.recv().await.is_some() {
            let tollgate = tollgate.clone();
            // Files are read while other tasks go on.
            let Ok(reloaded) = tokio::task::spawn_blocking(move || tollgate.reload()).await else { continue };
            // With standard error closed there is nobody left to tell.
            let _ = match reloaded {
                Ok(changed) => writeln!(io::stderr(), "airports: configuration read again: {changed}"),
                Err(fault) => writeln!(io::stderr(), "airports: configuration stays as it was: {fault}"),
            };
        }
    });
    Ok(())
}

/// Other systems know no such signal.
#[cfg(not(unix))]
pub(crate) fn on_hangup(_: &Tollgate) -> io::Result<()> {
    Ok(())
}
