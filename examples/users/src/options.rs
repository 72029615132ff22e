//! What the operator chooses: the environment and the command line.

use std::path::PathBuf;

use thiserror::Error;
use tollgate::{Policy, TollgateBuilder};

/// What `--help` prints.
pub const HELP: &str = "\
An example service with accounts.

Usage: users [--db PATH] [--limits on|off]

Options:
  --db PATH        file of the SQLite database, which is made if it is not there (default: none, and all is forgotten
                   when the service ends)
  --limits on|off  whether the rate limits of the handlers are enforced (default: on)
  -h, --help       print this text

Environment:
  HOST      address to listen on (default: 127.0.0.1; 0.0.0.0 listens on all)
  PORT      port to listen on (default: 3001; 0 takes a free one)
  RUST_LOG  what is logged to standard error: a level, or levels by target (default: warn; info adds refusals)
";

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Serve.
    Serve(Options),
}

/// How to serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `HOST`: an address, or a name that the system resolves to one.
    pub host: String,
    /// `PORT`.
    pub port: u16,
    /// `--db`.
    pub db: Option<PathBuf>,
    /// `--limits`.
    pub limits: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { host: "127.0.0.1".to_owned(), port: 3001, db: None, limits: true }
    }
}

/// An option that makes no sense.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OptionsError {
    /// An argument that is none of ours.
    #[error("unknown argument `{0}`; --help lists all")]
    UnknownArgument(String),
    /// `--db` without a path.
    #[error("--db needs the path of a file")]
    MissingDb,
    /// `--limits` without one of its two words.
    #[error("--limits takes on or off")]
    BadLimits,
    /// `PORT` is no port.
    #[error("PORT is `{0}`; it takes a number from 0 to 65535")]
    BadPort(String),
}

impl Options {
    /// What of them concerns the policies of the handlers.
    pub fn configure(&self, builder: TollgateBuilder) -> TollgateBuilder {
        if self.limits { builder } else { builder.disable(Policy::RateLimit) }
    }

    fn set(&mut self, option: &str, value: Option<&str>) -> Result<(), OptionsError> {
        match (option, value) {
            ("--db", Some(path)) if !path.is_empty() => self.db = Some(path.into()),
            ("--db", _) => return Err(OptionsError::MissingDb),
            ("--limits", Some("on")) => self.limits = true,
            ("--limits", Some("off")) => self.limits = false,
            ("--limits", _) => return Err(OptionsError::BadLimits),
            _ => return Err(OptionsError::UnknownArgument(option.to_owned())),
        }
        Ok(())
    }
}

impl Command {
    /// Reads the arguments, without the program's name, and the environment.
    ///
    /// An empty variable counts as unset, because compose files and unit files leave such behind.
    pub fn parse(
        arguments: impl IntoIterator<Item = String>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, OptionsError> {
        let (mut options, mut arguments) = (Options::default(), arguments.into_iter());
        while let Some(argument) = arguments.next() {
            match argument.split_once('=') {
                _ if matches!(argument.as_str(), "--help" | "-h") => return Ok(Self::Help),
                Some((option, value)) => options.set(option, Some(value))?,
                None => options.set(&argument, arguments.next().as_deref())?,
            }
        }
        let set = |name| variable(name).filter(|value| !value.is_empty());
        options.host = set("HOST").unwrap_or(options.host);
        options.port = set("PORT").map_or(Ok(options.port), parse_port)?;
        Ok(Self::Serve(options))
    }
}

fn parse_port(value: String) -> Result<u16, OptionsError> {
    value.parse().map_err(|_| OptionsError::BadPort(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Command, OptionsError> {
        Command::parse(arguments.iter().map(ToString::to_string), |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_said_means_the_defaults() {
        assert_eq!(parse(&[], &[]), Ok(Command::Serve(Options::default())));
        assert_eq!(parse(&[], &[("HOST", ""), ("PORT", "")]), Ok(Command::Serve(Options::default())));
    }

    #[test]
    fn everything_can_be_set() {
        let options =
            Options { host: "0.0.0.0".to_owned(), port: 8080, db: Some("users.db".into()), limits: false };
        let variables = [("HOST", "0.0.0.0"), ("PORT", "8080")];
        for arguments in [&["--db", "users.db", "--limits", "off"][..], &["--limits=off", "--db=users.db"]] {
            assert_eq!(parse(arguments, &variables), Ok(Command::Serve(options.clone())));
        }
        assert_eq!(parse(&["--limits=off", "-h"], &[("PORT", "x")]), Ok(Command::Help));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (arguments, message) in [
            (&["--limit", "on"][..], "unknown argument `--limit`; --help lists all"),
            (&["--db"], "--db needs the path of a file"),
            (&["--db="], "--db needs the path of a file"),
            (&["--limits", "no"], "--limits takes on or off"),
            (&["--limits"], "--limits takes on or off"),
        ] {
            assert_eq!(parse(arguments, &[]).unwrap_err().to_string(), message);
        }
        let error = parse(&[], &[("PORT", "http")]).unwrap_err();
        assert_eq!(error.to_string(), "PORT is `http`; it takes a number from 0 to 65535");
    }
}
