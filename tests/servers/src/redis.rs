//! One Redis server.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::guardian::Guardian;
use crate::resp::{self, Reply};
use crate::{ports, wait_until};

const PROGRAM: &str = "redis-server";

const MISSING: &str = "no `redis-server` on the path: these tests start servers of their own. Install it (Debian and \
                       Ubuntu: `apt-get install redis-server`; Homebrew: `brew install redis`), or let `cargo xtask test` do it";

/// What every server is told, before what the test wants: nothing is kept on disk.
const ALWAYS: &[(&str, &str)] = &[
    ("bind", "127.0.0.1"),
    ("save", ""),
    ("appendonly", "no"),
    ("daemonize", "no"),
    ("dir", "."),
    ("repl-diskless-sync", "yes"),
    ("repl-diskless-sync-delay", "0"),
];

/// A Redis on a free port of 127.0.0.1, which keeps nothing on disk and ends when this is dropped.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    folder: PathBuf,
    guardian: Guardian,
    is_stopped: AtomicBool,
}

impl RedisServer {
    /// A server, ready to answer.
    ///
    /// # Panics
    /// If there is no `redis-server` on the path, or it does not start.
    #[must_use]
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// A server with lines of its own in `redis.conf`: `("maxmemory", "2mb")`.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_with(options: &[(&str, &str)]) -> Self {
        assert!(is_on_path(PROGRAM), "{MISSING}");
        // Somebody else may take a port between the look at it and the server's start.
        let server = (0..5).find_map(|_| {
            let server = Self::new(ports::free(), options);
            server.guardian.start();
            server.comes_up().then_some(server)
        });
        server.unwrap_or_else(|| panic!("`{PROGRAM}` did not start with {options:?}"))
    }

    fn new(port: u16, options: &[(&str, &str)]) -> Self {
        let folder = new_folder();
        let lines = ALWAYS.iter().chain(options).map(|(name, value)| format!("{name} \"{value}\"\n"));
        let lines: String = lines.chain([format!("port {port}\n")]).collect();
        fs::write(folder.join("redis.conf"), lines).unwrap();
        let guardian = Guardian::new(&folder, [PROGRAM, "redis.conf"]);
        Self { port, folder, guardian, is_stopped: AtomicBool::new(false) }
    }

    /// Whether it answers in the end; `false` where it could not use the port, or understand the options.
    fn comes_up(&self) -> bool {
        let mut is_up = false;
        wait_until("a start of Redis", || {
            is_up = self.is_up();
            is_up || self.has_given_up()
        });
        is_up
    }

    /// It answers, and it is this server rather than another one on the port.
    fn is_up(&self) -> bool {
        let folder = self.try_command(&["CONFIG", "GET", "dir"]);
        let is_own = |reply: &Reply| match reply {
            Reply::List(pair) => {
                pair.get(1).is_some_and(|dir| *dir == Reply::Text(self.folder.display().to_string()))
            }
            _ => false,
        };
        folder.is_ok_and(|reply| is_own(&reply))
    }

    fn has_given_up(&self) -> bool {
        let log = self.log();
        ["Address already in use", "FATAL CONFIG FILE ERROR", "Failed listening", "Failed to configure"]
            .iter()
            .any(|sign| log.contains(sign))
    }

    /// `redis://127.0.0.1:10042`
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The port on 127.0.0.1; the same for the life of this value.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends the server at once (SIGKILL). Its connections are closed, and new ones refused.
    pub fn kill(&self) {
        self.guardian.kill();
        self.is_stopped.store(false, Ordering::Relaxed);
    }

    /// Starts the server again after [`kill`](Self::kill): on the same port, empty, ready to answer.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_again(&self) {
        fs::write(self.folder.join("log"), "").unwrap();
        self.guardian.start();
        assert!(self.comes_up(), "`{PROGRAM}` did not start again: {}", self.log());
    }

    /// Stops the server (SIGSTOP): its connections stay, new ones are taken, and nothing is answered.
    pub fn stop(&self) {
        self.guardian.stop();
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Lets a stopped server go on (SIGCONT).
    pub fn resume(&self) {
        self.guardian.resume();
        self.is_stopped.store(false, Ordering::Relaxed);
    }

    /// Whether it was stopped, and not resumed.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Sends a command, such as `&["SCRIPT", "FLUSH"]`.
    ///
    /// # Panics
    /// If the server cannot be reached, or does not answer within five seconds.
    #[allow(clippy::must_use_candidate)] // most commands say `OK`
    pub fn command(&self, words: &[&str]) -> Reply {
        self.try_command(words).unwrap_or_else(|error| panic!("{words:?} to {}: {error}", self.url()))
    }

    /// Sends a command to a server that may be away.
    ///
    /// # Errors
    /// The server cannot be reached, or does not answer within five seconds. A command that it refuses is a reply:
    /// [`Reply::Error`].
    pub fn try_command(&self, words: &[&str]) -> std::io::Result<Reply> {
        resp::send(self.port, words)
    }

    /// A line of `INFO`: `info("used_memory")`, `info("role")`.
    ///
    /// # Panics
    /// If the server cannot be reached, or has no such line.
    #[must_use]
    pub fn info(&self, name: &str) -> String {
        let all = self.command(&["INFO", "everything"]);
        let value = all.text().lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.unwrap_or_else(|| panic!("INFO has no {name}: {all:?}")).to_owned()
    }

    /// What the server wrote since it was started.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

fn new_folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = env::temp_dir().join(format!("tollgate-redis-{}-{number}", process::id()));
    let _ = fs::remove_dir_all(&folder); // of a process of that number before the machine was switched off
    fs::create_dir(&folder).unwrap();
    folder.canonicalize().unwrap()
}

fn is_on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder: PathBuf| Path::new(&folder).join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_killed_and_starts_again_empty_on_its_port() {
        let redis = RedisServer::start();
        assert_eq!(redis.command(&["SET", "a", "1"]), Reply::Text("OK".into()));
        redis.kill();
        assert!(redis.try_command(&["PING"]).is_err());
        redis.start_again();
        assert_eq!(redis.command(&["GET", "a"]), Reply::Nil);
        assert_eq!(redis.url(), format!("redis://127.0.0.1:{}", redis.port()));
    }

    #[test]
    fn a_stopped_server_keeps_what_it_has() {
        let redis = RedisServer::start();
        redis.command(&["SET", "a", "1"]);
        redis.stop();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| redis.command(&["INCR", "a"]));
            redis.resume();
            assert_eq!(waits.join().unwrap(), Reply::Number(2));
        });
    }

    #[test]
    fn options_are_in_force_and_errors_are_replies() {
        let redis = RedisServer::start_with(&[("maxmemory", "1mb"), ("maxmemory-policy", "noeviction")]);
        assert_eq!(redis.info("maxmemory"), "1048576");
        assert!(redis.command(&["NO-SUCH-COMMAND"]).is_error());
    }

    #[test]
    fn a_server_goes_when_its_test_panics() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let test = std::thread::spawn(move || {
            let redis = RedisServer::start();
            sender.send((redis.port(), redis.folder.clone())).unwrap();
            std::panic::resume_unwind(Box::new("without a message"));
        });
        assert!(test.join().is_err());
        let (port, folder) = receiver.recv().unwrap();
        assert!(resp::send(port, &["PING"]).is_err() && !folder.exists());
    }

    #[test]
    fn options_that_redis_does_not_know_are_told() {
        let server = RedisServer::new(ports::free(), &[("no-such-option", "1")]);
        server.guardian.start();
        assert!(!server.comes_up() && server.log().contains("no-such-option"));
    }
}
