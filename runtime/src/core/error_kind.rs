//! The kinds of errors that a service can answer with, as their declarations say.

use linkme::distributed_slice;

/// How an error is logged when it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorLog {
    /// Not at all: the default below 500, where the client is told what is wrong.
    Off,
    /// As a warning.
    Warn,
    /// As an error: the default from 500 on.
    Error,
}

/// One kind of error: what `#[api_error(..)]` says of one variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorKind {
    status: u16,
    code: &'static str,
    title: &'static str,
    uri: Option<&'static str>,
    is_exposed: bool,
    log: Option<ErrorLog>,
    example: Option<&'static str>,
    description: &'static str,
    extensions: &'static [&'static str],
    headers: &'static [&'static str],
}

impl ErrorKind {
    /// A kind: the status that it is answered with, the code by which programs tell it from others, the title by which
    /// people do.
    ///
    /// # Panics
    /// At compile time, where the status is that of no error.
    #[must_use]
    pub const fn new(status: u16, code: &'static str, title: &'static str) -> Self {
        assert!(400 <= status && status <= 599, "an error is answered with a status from 400 to 599");
        Self {
            status,
            code,
            title,
            uri: None,
            is_exposed: false,
            log: None,
            example: None,
            description: "",
            extensions: &[],
            headers: &[],
        }
    }

    /// Under a URI of its own, in the place of `/problems/<code>`.
    #[must_use]
    pub const fn uri(mut self, uri: &'static str) -> Self {
        self.uri = Some(uri);
        self
    }

    /// Tells the client its text although it is the server's fault.
    #[must_use]
    pub const fn exposed(mut self) -> Self {
        self.is_exposed = true;
        self
    }

    /// Logged in another way than by default.
    #[must_use]
    pub const fn log(mut self, log: ErrorLog) -> Self {
        self.log = Some(log);
        self
    }

    /// With a text as documents show it.
    #[must_use]
    pub const fn example(mut self, detail: &'static str) -> Self {
        self.example = Some(detail);
        self
    }

    /// With what it means, in Markdown.
    #[must_use]
    pub const fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    /// With members of its own.
    #[must_use]
    pub const fn extensions(mut self, names: &'static [&'static str]) -> Self {
        self.extensions = names;
        self
    }

    /// With header fields of its own.
    #[must_use]
    pub const fn headers(mut self, names: &'static [&'static str]) -> Self {
        self.headers = names;
        self
    }

    /// The status that it is answered with.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The code by which programs tell it from others: stable, `[a-z][a-z0-9_]*`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The title by which people tell it from others.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// Its own URI, if it has one.
    #[must_use]
    pub const fn own_uri(&self) -> Option<&'static str> {
        self.uri
    }

    /// Whether the client is told more than the title: below 500 always, else where the declaration says `expose`.
    #[must_use]
    pub const fn is_exposed(&self) -> bool {
        self.status < 500 || self.is_exposed
    }

    /// How it is logged.
    #[must_use]
    pub const fn logged(&self) -> ErrorLog {
        match self.log {
            Some(log) => log,
            None if self.status < 500 => ErrorLog::Off,
            None => ErrorLog::Error,
        }
    }

    /// A detail as documents show it, if the client is told any.
    #[must_use]
    pub const fn example_detail(&self) -> Option<&'static str> {
        if self.is_exposed() { self.example } else { None }
    }

    /// What it means, in Markdown; empty where nothing was written.
    #[must_use]
    pub const fn described(&self) -> &'static str {
        self.description
    }

    /// The names of its own members.
    #[must_use]
    pub const fn extension_names(&self) -> &'static [&'static str] {
        self.extensions
    }

    /// The names of its own header fields.
    #[must_use]
    pub const fn header_names(&self) -> &'static [&'static str] {
        self.headers
    }
}

/// A type that `derive(ApiError)` made an answer.
#[derive(Clone, Copy, Debug)]
pub struct ErrorType {
    name: &'static str,
    module: &'static str,
    kinds: &'static [ErrorKind],
}

impl ErrorType {
    /// A type with its own kinds; those of transparent variants belong to the types within.
    #[must_use]
    pub const fn new(name: &'static str, module: &'static str, kinds: &'static [ErrorKind]) -> Self {
        Self { name, module, kinds }
    }

    /// Its name, with that of its module.
    pub(crate) const fn path(&self) -> (&'static str, &'static str) {
        (self.module, self.name)
    }

    /// Its kinds.
    pub(crate) const fn kinds(&self) -> &'static [ErrorKind] {
        self.kinds
    }
}

/// All of them in the program, collected by the linker.
#[distributed_slice]
pub static ERROR_TYPES: [ErrorType];
