//! What the server says of the calls it was sent.

use tollgate_servers::RedisServer;

use crate::Failure;

/// The calls of one command.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Calls {
    pub(super) calls: u64,
    /// How long the server was busy with them.
    pub(super) micros: u64,
}

/// Begins to count anew.
pub(super) fn forget_calls(server: &RedisServer) {
    server.command(&["CONFIG", "RESETSTAT"]);
}

/// The calls of that command since.
pub(super) fn calls(server: &RedisServer, command: &str) -> Result<Calls, Failure> {
    calls_in(server.command(&["INFO", "commandstats"]).text(), command)
}

fn calls_in(info: &str, command: &str) -> Result<Calls, Failure> {
    let line =
        info.lines().find_map(|line| line.strip_prefix("cmdstat_")?.strip_prefix(command)?.strip_prefix(':'));
    let Some(line) = line else { return Ok(Calls::default()) };
    let number = |name: &str| {
        let value = line.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        value.ok_or_else(|| format!("{line} has no {name}"))
    };
    Ok(Calls { calls: number("calls")?.parse()?, micros: number("usec")?.parse()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_since_they_were_forgotten() {
        let server = RedisServer::start();
        server.command(&["INCR", "a"]);
        assert_eq!(calls(&server, "incr").unwrap().calls, 1);
        forget_calls(&server);
        assert_eq!(calls(&server, "incr").unwrap(), Calls::default());
    }

    #[test]
    fn a_line_has_calls_and_their_time() {
        let info = "cmdstat_get:calls=1,usec=2,usec_per_call=2.00\r\ncmdstat_evalsha:calls=3,usec=14,usec_per_call=4.67\r\n";
        assert_eq!(calls_in(info, "evalsha").unwrap(), Calls { calls: 3, micros: 14 });
        assert_eq!(calls_in(info, "eval").unwrap(), Calls::default());
        assert!(calls_in("cmdstat_get:calls=1", "get").is_err());
    }
}
