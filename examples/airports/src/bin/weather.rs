//! The weather service as a program of its own, for `airports --upstream http://127.0.0.1:4000`.

use std::env;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;

use airports::airports::DataError;
use airports::weather::service::service;
use thiserror::Error;
use tokio::net::TcpListener;
use tollgate::SystemClock;

const PORT: &str = "4000";

/// Why the program ends before its time.
#[derive(Debug, Error)]
enum Failure {
    #[error("PORT is `{0}`; it takes a number from 0 to 65535")]
    Port(String),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error("cannot serve: {0}")]
    Serve(#[from] io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // With standard error closed there is nobody left to tell.
            let _ = writeln!(io::stderr(), "weather: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let port = env::var_os("PORT").map_or(PORT.to_owned(), |port| port.to_string_lossy().into_owned());
    let port: u16 = port.parse().map_err(|_| Failure::Port(port))?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let base = format!("http://{}", listener.local_addr()?);
    // The service matters more than this: it goes on when nobody reads its output.
    let _ = writeln!(
        io::stdout(),
        "weather listens on {base}\n\nTry:\n  curl -i {base}/observations/CDG\n  \
         curl -X POST '{base}/switch?mode=failing' # or slow, or ok"
    );
    Ok(axum::serve(listener, service(SystemClock::new())?).await?)
}
