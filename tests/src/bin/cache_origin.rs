//! A `CacheLayer` in front of a scripted origin in the same process, for a public suite of tests for HTTP caches: see `--help`.

use std::error::Error;
use std::io::{self, Write};
use std::sync::Arc;

use tokio::net::TcpListener;
use tollgate::{CacheLayer, SystemClock, Tollgate};
use tollgate_tests::scripted_origin;

const HELP: &str = "\
A CacheLayer in front of a scripted origin, in one process.

usage: cache_origin [--port <port>] [--no-revalidate]

  --port <port>     where it listens on 127.0.0.1; one that is free, if not given
  --no-revalidate   never asks the origin whether something stale still holds
  --help            this text

It writes its address as the first line, and ends with its input.

The origin's answers are configured by requests, in the protocol of the suite
http-tests/cache-tests, which runs against it (Node 14.8 or newer):

  npm run --silent cli --base=http://127.0.0.1:<port>                  all tests
  npm run --silent cli --base=http://127.0.0.1:<port> --id=<test>      one of them

  PUT /config/<id>   a JSON array with one script per request: response_status [code, phrase],
                     response_headers [[name, value, is it checked], ..] (a number in a field of
                     dates is in seconds from now), response_body, response_pause (seconds),
                     disconnect, expected_type (with `..validated`: 304 to the right validator, and
                     999 to any other request), magic_locations, rfc850date
  *   /test/<id>     the answer of the script, by the field Req-Num or in order
  GET /state/<id>    what reached the origin, as JSON

interim_responses are not sent: axum has none.
";

fn main() -> Result<(), Box<dyn Error>> {
    let (mut port, mut revalidates) = (0, true);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--port" => port = arguments.next().ok_or("which port?")?.parse()?,
            "--no-revalidate" => revalidates = false,
            "--help" => return Ok(io::stdout().write_all(HELP.as_bytes())?),
            other => return Err(format!("{other}? See --help.").into()),
        }
    }
    let tollgate = Tollgate::builder().build()?;
    let layer = CacheLayer::new().name("cache_origin").revalidate(revalidates);
    let router = scripted_origin::router(&tollgate, &layer, Arc::new(SystemClock::new()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", port)))?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    runtime.spawn(axum::serve(listener, router).into_future());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
