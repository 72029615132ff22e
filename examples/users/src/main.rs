//! The program: reads its options, installs the policies, binds, serves, and ends at Ctrl-C.

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tollgate::Tollgate;
use users::options::{Command, HELP, Options};
use users::{Db, app, openapi};

mod banner;
mod log;

#[tokio::main]
async fn main() -> ExitCode {
    // Not `args` and `var`: the one panics on text that is not UTF-8, the other hides it.
    let arguments = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    let variable = |name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    match Command::parse(arguments, variable) {
        // Whoever closes the output has read enough.
        Ok(Command::Help) => drop(io::stdout().write_all(HELP.as_bytes())),
        Ok(Command::Serve(options)) => {
            if let Err(error) = log::start(variable("RUST_LOG")) {
                return ended(&error, ExitCode::from(2));
            }
            if let Err(error) = serve(&options).await {
                return ended(&*error, ExitCode::FAILURE);
            }
        }
        // 2 for a command that makes no sense, as shells have it.
        Err(error) => return ended(&error, ExitCode::from(2)),
    }
    ExitCode::SUCCESS
}

fn ended(error: &dyn Error, code: ExitCode) -> ExitCode {
    // With standard error closed there is nobody left to tell.
    let _ = writeln!(io::stderr(), "users: {error}");
    code
}

async fn serve(options: &Options) -> Result<(), Box<dyn Error>> {
    let tollgate = options.configure(Tollgate::builder()).build()?;
    tollgate.install()?;
    let db = Db::open(options.db.as_deref()).await.map_err(|error| format!("{error}; check --db"))?;
    let address = (options.host.as_str(), options.port);
    let listener =
        TcpListener::bind(address).await.map_err(|error| format!("{error}; check HOST and PORT"))?;
    let protection = tollgate.inventory_of(&openapi::document(&tollgate));
    // The service matters more than the banner: it goes on when nobody reads its output.
    let _ = banner::banner(&mut io::stdout(), listener.local_addr()?, &protection);
    // With the clients' addresses, which the limits count by.
    let service = app(db, &tollgate).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(interrupted()).await?;
    Ok(())
}

/// Requests in flight are finished then.
async fn interrupted() {
    // Without a handler the system ends the program by itself, so there is nothing left to do here.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
