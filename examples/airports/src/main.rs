//! The program: reads its options, installs the policies, binds, serves, and ends when it is asked to.

use std::env;
use std::io::{self, ErrorKind, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use airports::airports::DataError;
use airports::options::{Command, HELP, Options, OptionsError};
use airports::weather::service;
use airports::{Db, OpenError, Sources, Weather, app, openapi};
use thiserror::Error;
use tokio::net::TcpListener;
use tollgate::{AlreadyInstalled, ConfigError, SystemClock, Tollgate};
use tracing_subscriber::filter::ParseError;

mod banner;
mod log;
mod reload;
mod shutdown;

/// Why the program ends before its time.
#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Options(#[from] OptionsError),
    #[error("RUST_LOG: {0}; it takes levels, such as info or warn,tollgate=debug")]
    Log(#[from] ParseError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Install(#[from] AlreadyInstalled),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error("cannot ask the weather service: {0}")]
    Weather(#[from] reqwest::Error),
    #[error("{0}")]
    Bind(String),
    #[error("cannot serve: {0}")]
    Serve(#[from] io::Error),
}

impl Failure {
    /// 2 for a command that makes no sense, as shells have it, else 1.
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Options(_) | Self::Log(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // With standard error closed there is nobody left to tell.
            let _ = writeln!(io::stderr(), "airports: {failure}");
            failure.exit_code()
        }
    }
}

async fn run() -> Result<(), Failure> {
    // Not `args` and `var`: the one panics on text that is not UTF-8, the other hides it.
    let arguments = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let variable = |name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    match Command::parse(arguments, variable)? {
        Command::Help => {
            // Whoever closes the output has read enough.
            let _ = io::stdout().write_all(HELP.as_bytes());
            Ok(())
        }
        Command::Serve(options) => {
            log::start(variable("RUST_LOG"))?;
            serve(&options).await
        }
    }
}

async fn serve(options: &Options) -> Result<(), Failure> {
    let tollgate = options.configure(Tollgate::builder()).build()?;
    tollgate.install()?;
    reload::on_hangup(&tollgate)?;
    let upstream = upstream(options).await?;
    let sources = Sources { db: Db::open(options.db.as_deref()).await?, weather: Weather::at(&upstream)? };
    let app = app(sources, &tollgate);
    let (first_signal, second_signal) = (shutdown::after(1)?, shutdown::after(2)?);
    let listener = bind(options).await?;
    // The service matters more than the banner: it goes on when nobody reads its output.
    let protection = tollgate.inventory_of(&openapi::document(&tollgate));
    let _ = banner::banner(&mut io::stdout(), listener.local_addr()?, &upstream, options, &protection);
    let serving = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(first_signal);
    tokio::select! {
        result = serving.into_future() => Ok(result?),
        () = second_signal => Ok(()),
    }
}

/// The weather service that is asked: somebody else's, or one that is started here.
async fn upstream(Options { upstream, .. }: &Options) -> Result<String, Failure> {
    Ok(match upstream {
        Some(url) => url.clone(),
        None => format!("http://{}", service::start(service::service(SystemClock::new())?).await?),
    })
}

async fn bind(Options { host, port, .. }: &Options) -> Result<TcpListener, Failure> {
    TcpListener::bind((host.as_str(), *port)).await.map_err(|error| {
        Failure::Bind(match error.kind() {
            ErrorKind::AddrInUse => format!("port {port} on {host} is taken; set PORT to another one"),
            ErrorKind::PermissionDenied => {
                format!("port {port} on {host} is not permitted; set PORT to another one")
            }
            _ => format!("cannot listen on port {port} of {host}: {error}; check HOST"),
        })
    })
}
