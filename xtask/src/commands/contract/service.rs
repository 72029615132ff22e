//! The example service as a child process, on a port of its own, which ends whatever happens.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::{
    failure::{Failure, Outcome},
    process::{capture, cargo, program},
};

/// What the service was told to accept on its operational routes.
pub(super) const ADMIN_TOKEN: &str = "operator-of-the-contract";
/// Variables that would change what is expected of it.
const FOREIGN: &[&str] = &["READER_KEY", "EDITOR_KEY", "RUST_LOG", "RUST_BACKTRACE"];
const LAST_LINES: usize = 20;

pub(super) struct Service {
    child: Child,
    pub(super) address: SocketAddr,
    complaints: Arc<Mutex<String>>,
}

impl Service {
    pub(super) fn start(executable: &Path, limits: &str) -> Result<Self, Failure> {
        let mut command = program(executable, &format!("--limits {limits}"));
        command.env("HOST", "127.0.0.1").env("PORT", "0").env("ADMIN_TOKEN", ADMIN_TOKEN);
        for name in FOREIGN {
            command.env_remove(name);
        }
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.map_err(|error| Failure::broken(format!("airports cannot be started: {error}")))?;
        // From here on it ends with this value.
        let unknown = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut service = Self { child, address: unknown, complaints: Arc::default() };
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
        Failure::broken(format!("airports does not say where it listens\n{}", self.last_complaints()))
    }

    fn last_complaints(&self) -> String {
        let text = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
    }

    /// It runs, and nothing in it panicked: a panic ends one connection, which a client takes for a close.
    pub(super) fn check(&mut self) -> Outcome {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(Failure::broken(format!("airports ended ({status})\n{}", self.last_complaints())));
        }
        let panicked = self.complaints.lock().unwrap_or_else(PoisonError::into_inner).contains("panicked at");
        if panicked {
            return Err(Failure::broken(format!("airports panicked\n{}", self.last_complaints())));
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
pub(super) fn build() -> Result<PathBuf, Failure> {
    let messages =
        capture(cargo("build -p airports --bin airports --message-format json-render-diagnostics"))?;
    let path =
        executable(&messages).ok_or_else(|| Failure::broken("cargo names no executable of airports"))?;
    Ok(path.into())
}

/// The last of cargo's messages that names one.
fn executable(messages: &str) -> Option<String> {
    messages.lines().rev().find_map(|message| crate::json::text(message, "executable"))
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
