//! The example service as a child process, on a port of its own, which ends whatever happens.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::examples::Example;
use crate::{
    failure::{Failure, Outcome},
    json::Value,
    process::{capture, cargo, program},
};

/// Variables that would change what is expected of it.
const FOREIGN: &[&str] = &["CURSOR_KEY", "EDITOR_KEY", "READER_KEY", "RUST_BACKTRACE", "RUST_LOG"];
const LAST_LINES: usize = 20;

pub(super) struct Service {
    name: &'static str,
    child: Child,
    pub(super) address: SocketAddr,
    complaints: Arc<Mutex<String>>,
}

impl Service {
    pub(super) fn start(example: &Example, executable: &Path, arguments: &str) -> Result<Self, Failure> {
        let (name, mut command) = (example.name, program(executable, arguments));
        for foreign in FOREIGN {
            command.env_remove(foreign);
        }
        command.env("HOST", "127.0.0.1").env("PORT", "0").envs(example.environment.iter().copied());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.map_err(|error| Failure::broken(format!("{name} cannot be started: {error}")))?;
        // From here on it ends with this value.
        let unknown = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut service = Self { name, child, address: unknown, complaints: Arc::default() };
        service.hear_complaints();
        service.address = service.read_banner()?;
        Ok(service)
    }

    /// A pipe that nobody empties would stop the service some day.
    fn hear_complaints(&mut self) {
        let (Some(errors), complaints) = (self.child.stderr.take(), Arc::clone(&self.complaints)) else {
            return;
        };
        thread::spawn(move || {
            for line in BufReader::new(errors).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                *complaints.lock().unwrap_or_else(PoisonError::into_inner) += &(line + "\n");
            }
        });
    }

    fn read_banner(&mut self) -> Result<SocketAddr, Failure> {
        let mut output = BufReader::new(self.child.stdout.take().ok_or_else(|| self.mute())?);
        let mut line = String::new();
        output.read_line(&mut line).map_err(|_| self.mute())?;
        thread::spawn(move || output.read_to_end(&mut Vec::new()));
        address(&line).ok_or_else(|| self.mute())
    }

    fn mute(&self) -> Failure {
        self.broken("does not say where it listens")
    }

    fn broken(&self, what: &str) -> Failure {
        Failure::broken(format!("{} {what}\n{}", self.name, self.last_complaints()))
    }

    fn last_complaints(&self) -> String {
        let text = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
    }

    /// It runs, and nothing in it panicked: a panic ends one connection, which a client takes for a close.
    pub(super) fn check(&mut self) -> Outcome {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(self.broken(&format!("ended ({status})")));
        }
        let panicked = self.complaints.lock().unwrap_or_else(PoisonError::into_inner).contains("panicked at");
        if panicked {
            return Err(self.broken("panicked"));
        }
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Builds the service, and says where it is.
pub(super) fn build(Example { name, .. }: &Example) -> Result<PathBuf, Failure> {
    let command = format!("build -p {name} --bin {name} --message-format json-render-diagnostics");
    let path = executable(&capture(cargo(&command))?);
    path.map(PathBuf::from).ok_or_else(|| Failure::broken(format!("cargo names no executable of {name}")))
}

/// The last of cargo's messages that names one.
fn executable(messages: &str) -> Option<String> {
    messages
        .lines()
        .rev()
        .filter_map(|message| Value::parse(message).ok())
        .find_map(|message| message.member("executable").and_then(Value::text).map(str::to_owned))
}

/// The address in the first line of the banner.
fn address(banner: &str) -> Option<SocketAddr> {
    banner.split(['/', ',', ' ']).find_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banner_says_the_address() {
        let banner = "airports listens on http://127.0.0.1:34567, its documentation is at http://127.0.0.1:34567/docs/\n";
        assert_eq!(address(banner), "127.0.0.1:34567".parse().ok());
        assert_eq!(address(""), None);
    }

    #[test]
    fn the_executable_is_the_last_one_named() {
        let messages = "{\"reason\":\"compiler-artifact\",\"executable\":\"/t/build-script\"}\n\
            {\"reason\":\"compiler-artifact\",\"executable\":\"/t/debug/airports\"}\n\
            {\"reason\":\"compiler-artifact\",\"executable\":null}\n{\"reason\":\"build-finished\"}\n";
        assert_eq!(executable(messages).as_deref(), Some("/t/debug/airports"));
        assert_eq!(executable("{}"), None);
    }
}
