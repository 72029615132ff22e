//! What the operator chooses: the environment and the command line.

use std::fmt;
use std::path::PathBuf;

use reqwest::Url;
use thiserror::Error;
use tollgate::{Policy, TollgateBuilder};

use crate::keys::{Keys, Secret};
use crate::versions::{self, Version};

/// What `--help` prints.
pub const HELP: &str = "\
An example service over 7 884 real airports.

Usage: airports [--config PATH] [--db PATH] [--limits on|off] [--redis URL] [--upstream URL]

Options:
  --config PATH    TOML file with other rates for some handlers, which is read again on SIGHUP (default: none)
  --db PATH        file of the SQLite database, which is made and filled if it is not there (default: none, and what is
                   changed is forgotten when the service ends)
  --limits on|off  whether the rate limits of the handlers are enforced (default: on)
  --redis URL      Redis server that keeps the budgets and what is cached, such as redis://127.0.0.1:6379, so that all
                   processes share them; give these one --db too (default: none, and each process has its own)
  --upstream URL   weather service to ask, such as http://127.0.0.1:4000 (default: none, and this program starts one)
  -h, --help       print this text

Environment:
  HOST         address to listen on (default: 127.0.0.1; 0.0.0.0 listens on all)
  PORT         port to listen on (default: 3000; 0 takes a free one)
  READER_KEY   API key (x-api-key) of the reader (default: demo-reader)
  EDITOR_KEY   API key of the editor, who may change airports (default: demo-editor)
  CURSOR_KEY   secret of 32 bytes or more that cursors of lists are signed with (default: a random one, so that all of
               them end with the service)
  ADMIN_TOKEN  bearer token of the operator, 16 characters or more, for /admin/inventory, /admin/limits, /admin/cache
               and /admin/breakers (default: none, which shuts them)
  RUST_LOG     what is logged to standard error: a level, or levels by target (default: warn; info adds refusals)
";

const ARGUMENTS: [&str; 7] = ["--config", "--db", "--limits", "--redis", "--upstream", "--help", "-h"];

/// What our keys in Redis begin with.
const NAMESPACE: &str = "airports";

/// What the program is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Print [`HELP`].
    Help,
    /// Serve.
    Serve(Box<Options>),
}

/// How to serve. Its `Debug` shows no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `HOST`: an address, or a name that the system resolves to one.
    pub host: String,
    /// `PORT`.
    pub port: u16,
    /// `READER_KEY` and `EDITOR_KEY`.
    pub keys: Keys,
    /// `CURSOR_KEY`.
    pub cursor_key: Option<Secret>,
    /// `ADMIN_TOKEN`.
    pub admin_token: Option<Secret>,
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--db`.
    pub db: Option<PathBuf>,
    /// `--redis`: the URL may hold a password.
    pub redis: Option<Secret>,
    /// `--upstream`.
    pub upstream: Option<String>,
    /// `--limits`.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 3000,
            keys: Keys::default(),
            cursor_key: None,
            admin_token: None,
            config: None,
            db: None,
            redis: None,
            upstream: None,
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// What of them concerns the policies of the handlers.
    pub fn configure(&self, builder: TollgateBuilder) -> TollgateBuilder {
        let builder = self.limits.configure(builder).principal(self.keys.resolver());
        let mut builder = builder.versions::<Version>(versions::readers());
        if let Some(key) = &self.cursor_key {
            builder = builder.cursor_keys(key.expose(), None);
        }
        if let Some(token) = &self.admin_token {
            builder = builder.admin_token(token.expose());
        }
        if let Some(path) = &self.config {
            builder = builder.config_file(path);
        }
        if let Some(url) = &self.redis {
            builder = builder.redis(url.expose()).namespace(NAMESPACE);
        }
        builder
    }
}

/// Whether the rate limits of the handlers are enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Limits {
    /// They are.
    #[default]
    On,
    /// They are not: for measuring the service without them.
    Off,
}

impl Limits {
    /// Switches rate limits off, where that is asked for.
    fn configure(self, builder: TollgateBuilder) -> TollgateBuilder {
        match self {
            Self::On => builder,
            Self::Off => builder.disable(Policy::RateLimit),
        }
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::On => "on",
            Self::Off => "off",
        })
    }
}

/// An option that makes no sense.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OptionsError {
    /// An argument that is none of ours.
    #[error("unknown argument `{argument}`; did you mean `{nearest}`? --help lists all")]
    UnknownArgument {
        /// As written.
        argument: String,
        /// The one of ours that looks most like it.
        nearest: &'static str,
    },
    /// `--config` or `--db` without a path.
    #[error("{0} needs the path of a file")]
    MissingPath(&'static str),
    /// `--redis` without a URL.
    #[error("--redis needs the URL of a server, such as redis://127.0.0.1:6379")]
    MissingRedis,
    /// `--upstream` without a URL that can be asked.
    #[error("--upstream needs the URL of a weather service, such as http://127.0.0.1:4000")]
    BadUpstream,
    /// `--limits` is the last word.
    #[error("--limits needs a value: on or off")]
    MissingLimits,
    /// `--limits` with another word.
    #[error("--limits is `{0}`; it takes on or off")]
    BadLimits(String),
    /// `--help=..`.
    #[error("--help takes no value")]
    HelpWithValue,
    /// `PORT` is no port.
    #[error("PORT is `{0}`; it takes a number from 0 to 65535")]
    BadPort(String),
    /// A key that nobody can present.
    #[error("{0} takes visible ASCII characters: a header field carries no others")]
    BadKey(&'static str),
    /// One key cannot tell two roles apart.
    #[error("READER_KEY and EDITOR_KEY are the same; every role needs a key of its own")]
    SameKeys,
    /// `CURSOR_KEY` can be guessed.
    #[error("CURSOR_KEY takes 32 bytes or more")]
    BadCursorKey,
    /// `ADMIN_TOKEN` is no token, or can be guessed.
    #[error("ADMIN_TOKEN takes 16 or more of the characters A-Z a-z 0-9 - . _ ~ + / =")]
    BadAdminToken,
}

impl Command {
    /// Reads the arguments, without the program's name, and the environment.
    ///
    /// An empty variable counts as unset, because compose files and unit files leave such behind.
    pub fn parse(
        arguments: impl IntoIterator<Item = String>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, OptionsError> {
        let Some(Arguments { config, db, redis, upstream, limits }) =
            Arguments::parse(arguments.into_iter())?
        else {
            return Ok(Self::Help);
        };
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let Options { host, port, keys, .. } = Options::default();
        Ok(Self::Serve(Box::new(Options {
            host: set("HOST").unwrap_or(host),
            port: set("PORT").map_or(Ok(port), parse_port)?,
            keys: different(Keys {
                reader: parse_key("READER_KEY", set, keys.reader)?,
                editor: parse_key("EDITOR_KEY", set, keys.editor)?,
            })?,
            cursor_key: set("CURSOR_KEY").map(parse_cursor_key).transpose()?,
            admin_token: set("ADMIN_TOKEN").map(parse_admin_token).transpose()?,
            config,
            db,
            redis,
            upstream,
            limits,
        })))
    }
}

/// What the command line says.
#[derive(Debug, Default)]
struct Arguments {
    config: Option<PathBuf>,
    db: Option<PathBuf>,
    redis: Option<Secret>,
    upstream: Option<String>,
    limits: Limits,
}

impl Arguments {
    /// Nothing if help is asked for. Of an option that is given several times, the last counts.
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Option<Self>, OptionsError> {
        let mut arguments = Self::default();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            match name {
                "--config" => {
                    arguments.config = Some(parse_path("--config", value.or_else(|| words.next()))?);
                }
                "--db" => arguments.db = Some(parse_path("--db", value.or_else(|| words.next()))?),
                "--redis" => arguments.redis = Some(parse_redis(value.or_else(|| words.next()))?),
                "--upstream" => arguments.upstream = Some(parse_upstream(value.or_else(|| words.next()))?),
                "--limits" => arguments.limits = parse_limits(value.or_else(|| words.next()))?,
                "--help" | "-h" if value.is_some() => return Err(OptionsError::HelpWithValue),
                "--help" | "-h" => return Ok(None),
                _ => return Err(OptionsError::UnknownArgument { nearest: nearest(name), argument: word }),
            }
        }
        Ok(Some(arguments))
    }
}

fn parse_path(name: &'static str, value: Option<String>) -> Result<PathBuf, OptionsError> {
    value.filter(|path| !path.is_empty()).map(PathBuf::from).ok_or(OptionsError::MissingPath(name))
}

fn parse_redis(value: Option<String>) -> Result<Secret, OptionsError> {
    value.filter(|url| !url.is_empty()).map(Secret::from).ok_or(OptionsError::MissingRedis)
}

/// Without TLS, and so without a password: what is asked stands beside this service.
fn parse_upstream(value: Option<String>) -> Result<String, OptionsError> {
    let is_plain = |url: &String| {
        Url::parse(url)
            .is_ok_and(|url| url.scheme() == "http" && url.query().is_none() && url.fragment().is_none())
    };
    value.filter(is_plain).ok_or(OptionsError::BadUpstream)
}

fn parse_limits(value: Option<String>) -> Result<Limits, OptionsError> {
    match value.ok_or(OptionsError::MissingLimits)?.as_str() {
        "on" => Ok(Limits::On),
        "off" => Ok(Limits::Off),
        other => Err(OptionsError::BadLimits(other.to_owned())),
    }
}

fn parse_port(value: String) -> Result<u16, OptionsError> {
    value.parse().map_err(|_| OptionsError::BadPort(value))
}

fn parse_key(
    name: &'static str,
    variable: impl Fn(&'static str) -> Option<String>,
    default: Secret,
) -> Result<Secret, OptionsError> {
    match variable(name) {
        None => Ok(default),
        Some(key) if key.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(key.into()),
        Some(_) => Err(OptionsError::BadKey(name)),
    }
}

fn different(keys: Keys) -> Result<Keys, OptionsError> {
    if keys.reader == keys.editor { Err(OptionsError::SameKeys) } else { Ok(keys) }
}

fn parse_cursor_key(key: String) -> Result<Secret, OptionsError> {
    if key.len() >= 32 { Ok(key.into()) } else { Err(OptionsError::BadCursorKey) }
}

/// Tollgate refuses the same ones, but does not know by what name the operator set them.
fn parse_admin_token(token: String) -> Result<Secret, OptionsError> {
    let is_presentable = token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
    if is_presentable && token.len() >= 16 { Ok(token.into()) } else { Err(OptionsError::BadAdminToken) }
}

fn nearest(name: &str) -> &'static str {
    ARGUMENTS.into_iter().min_by_key(|known| edits(known, name)).unwrap_or("--help")
}

/// The Levenshtein distance: how many letters to insert, remove or replace.
fn edits(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (i, old) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, new) in row.iter_mut().skip(1).zip(to.chars()) {
            let replaced = diagonal + usize::from(old != new);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tollgate::Tollgate;

    use super::*;

    fn parse(arguments: &[&str], variables: &[(&str, &str)]) -> Result<Command, OptionsError> {
        Command::parse(arguments.iter().map(ToString::to_string), |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn serve(host: &str, port: u16, limits: Limits) -> Command {
        Command::Serve(Box::new(Options { host: host.to_owned(), port, limits, ..Options::default() }))
    }

    fn options(variables: &[(&str, &str)]) -> Result<Options, String> {
        match parse(&[], variables) {
            Ok(Command::Serve(options)) => Ok(*options),
            other => Err(other.unwrap_err().to_string()),
        }
    }

    #[test]
    fn defaults() {
        assert_eq!(parse(&[], &[]), Ok(serve("127.0.0.1", 3000, Limits::On)));
        assert_eq!(parse(&[], &[("HOST", ""), ("PORT", "")]), Ok(serve("127.0.0.1", 3000, Limits::On)));
    }

    #[test]
    fn the_environment_sets_host_and_port() {
        let variables = [("HOST", "0.0.0.0"), ("PORT", "8080")];
        assert_eq!(parse(&[], &variables), Ok(serve("0.0.0.0", 8080, Limits::On)));
    }

    #[test]
    fn the_environment_sets_keys_and_the_token() {
        let token = "0123456789-._~+/=";
        let set =
            options(&[("READER_KEY", "first"), ("EDITOR_KEY", "second"), ("ADMIN_TOKEN", token)]).unwrap();
        assert_eq!((set.keys.reader.expose(), set.keys.editor.expose()), ("first", "second"));
        assert_eq!(set.admin_token.as_ref().map(Secret::expose), Some(token));
        assert!(!format!("{set:?}").contains("first"));
        let empty = options(&[("READER_KEY", ""), ("EDITOR_KEY", ""), ("ADMIN_TOKEN", "")]);
        assert_eq!(empty, Ok(Options::default()));
    }

    #[test]
    fn secrets_that_cannot_work_are_refused_and_not_shown() {
        for (variables, message) in [
            (&[("READER_KEY", "a b")][..], "READER_KEY takes visible ASCII characters"),
            (&[("EDITOR_KEY", "ключ")], "EDITOR_KEY takes visible ASCII characters"),
            (&[("EDITOR_KEY", "key\n")], "EDITOR_KEY takes visible ASCII characters"),
            (&[("READER_KEY", "x"), ("EDITOR_KEY", "x")], "READER_KEY and EDITOR_KEY are the same"),
            (&[("READER_KEY", "demo-editor")], "READER_KEY and EDITOR_KEY are the same"),
            (&[("CURSOR_KEY", "only-thirty-one-letters-or-less")], "CURSOR_KEY takes 32 bytes"),
            (&[("ADMIN_TOKEN", "fifteen-letters")], "ADMIN_TOKEN takes 16 or more"),
            (&[("ADMIN_TOKEN", "more than sixteen letters")], "ADMIN_TOKEN takes 16 or more"),
        ] {
            let error = options(variables).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn what_is_accepted_here_tollgate_accepts_too() {
        let cursor_key = ("CURSOR_KEY", "0123456789abcdef0123456789abcdef");
        for options in [options(&[]), options(&[("ADMIN_TOKEN", "0123456789abcdef"), cursor_key])] {
            assert!(options.unwrap().configure(Tollgate::builder()).build().is_ok());
        }
    }

    #[test]
    fn the_help_names_every_variable_and_default() {
        let Options { host, port, keys, .. } = Options::default();
        let port = port.to_string();
        for word in [&host, &port, keys.reader.expose(), keys.editor.expose(), "CURSOR_KEY", "ADMIN_TOKEN"] {
            assert!(HELP.contains(word), "{word}");
        }
        assert!(HELP.lines().all(|line| line.chars().count() <= 120));
    }

    #[test]
    fn limits_in_every_spelling() {
        for (arguments, limits) in [
            (&["--limits", "on"][..], Limits::On),
            (&["--limits", "off"], Limits::Off),
            (&["--limits=off"], Limits::Off),
            (&["--limits=off", "--limits", "on"], Limits::On),
        ] {
            assert_eq!(parse(arguments, &[]), Ok(serve("127.0.0.1", 3000, limits)));
        }
    }

    #[test]
    fn the_database_is_in_memory_unless_a_file_is_named() {
        for (arguments, path) in [
            (&[][..], None),
            (&["--db", "airports.db"], Some("airports.db")),
            (&["--db=one.db", "--db=two.db", "--limits=on"], Some("two.db")),
        ] {
            let options = Options { db: path.map(PathBuf::from), ..Options::default() };
            assert_eq!(parse(arguments, &[]), Ok(Command::Serve(Box::new(options))));
        }
    }

    #[test]
    fn help_wins_over_bad_variables() {
        for argument in ["--help", "-h"] {
            assert_eq!(parse(&[argument], &[("PORT", "x")]), Ok(Command::Help));
        }
    }

    #[test]
    fn bad_arguments_are_named() {
        for (arguments, message) in [
            (&["--limit"][..], "unknown argument `--limit`; did you mean `--limits`? --help lists all"),
            (&["--limit=off"], "unknown argument `--limit=off`; did you mean `--limits`? --help lists all"),
            (&["-help"], "unknown argument `-help`; did you mean `--help`? --help lists all"),
            (&["-x"], "unknown argument `-x`; did you mean `-h`? --help lists all"),
            (&["--db"], "--db needs the path of a file"),
            (&["--db="], "--db needs the path of a file"),
            (&["--config"], "--config needs the path of a file"),
            (&["--redis="], "--redis needs the URL of a server, such as redis://127.0.0.1:6379"),
            (&["--upstream"], "--upstream needs the URL of a weather service, such as http://127.0.0.1:4000"),
            (
                &["--upstream", "https://x"],
                "--upstream needs the URL of a weather service, such as http://127.0.0.1:4000",
            ),
            (
                &["--upstream=4000"],
                "--upstream needs the URL of a weather service, such as http://127.0.0.1:4000",
            ),
            (&["--limits"], "--limits needs a value: on or off"),
            (&["--limits", "of"], "--limits is `of`; it takes on or off"),
            (&["--limits="], "--limits is ``; it takes on or off"),
            (&["--help=yes"], "--help takes no value"),
        ] {
            assert_eq!(parse(arguments, &[]).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_bad_port_is_named_with_its_variable() {
        for port in ["http", "65536", "-1", "3000 ", "0x10"] {
            let error = parse(&[], &[("PORT", port)]).unwrap_err().to_string();
            assert_eq!(error, format!("PORT is `{port}`; it takes a number from 0 to 65535"));
        }
    }

    #[test]
    fn edits_are_counted() {
        for (from, to, count) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("--limits", "--limit", 1),
        ] {
            assert_eq!(edits(from, to), count, "{from} to {to}");
        }
    }
}
