//! All versions of an API, as a constant that the derive makes.

use super::number::VersionNumber;

/// The versions of an API, oldest first.
#[derive(Debug)]
pub struct VersionTable {
    type_name: &'static str,
    versions: &'static [VersionInfo],
    default: Option<usize>,
}

/// What is declared of one version.
#[derive(Clone, Copy, Debug)]
pub struct VersionInfo {
    name: &'static str,
    label: &'static str,
    deprecated: Option<u64>,
    sunset: Option<u64>,
    link: Option<&'static str>,
    is_gone: bool,
    is_preview: bool,
}

/// What a text is among the versions of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// The version at that place.
    Known(usize),
    /// A version that there is not.
    Unsupported,
    /// No version.
    Malformed,
}

impl VersionTable {
    /// The versions of an enum, oldest first. `default`: the place of the one that a request without a version asks for; `None` where
    /// every request has to say.
    ///
    /// # Panics
    /// At compile time, where there are no versions, or the default is none of them.
    #[must_use]
    pub const fn new(
        type_name: &'static str,
        versions: &'static [VersionInfo],
        default: Option<usize>,
    ) -> Self {
        assert!(!versions.is_empty(), "an API has a version");
        if let Some(default) = default {
            assert!(default < versions.len(), "the default is one of the versions");
        }
        Self { type_name, versions, default }
    }

    /// What the enum is called.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// The versions, oldest first.
    #[must_use]
    pub const fn versions(&self) -> &'static [VersionInfo] {
        self.versions
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.versions.len()
    }

    /// The place of the version that a request without one asks for; `None` where it has to say.
    #[must_use]
    pub const fn default_place(&self) -> Option<usize> {
        self.default
    }

    /// The version that a client writes. Names are found as they are written, and else compared as versions, so that `2` and `2.0`
    /// are `v2`.
    pub(crate) fn find(&self, text: &str) -> Lookup {
        if let Some(place) = self.versions.iter().position(|version| version.name == text) {
            return Lookup::Known(place);
        }
        let Some(asked) = VersionNumber::parse(text) else { return Lookup::Malformed };
        let is_asked =
            |version: &VersionInfo| VersionNumber::parse(version.name).is_some_and(|it| it == asked);
        self.versions.iter().position(is_asked).map_or(Lookup::Unsupported, Lookup::Known)
    }
}

impl VersionInfo {
    /// A version of that name. `label`: its name in metrics, `versioned:<name>`.
    #[must_use]
    pub const fn new(name: &'static str, label: &'static str) -> Self {
        Self { name, label, deprecated: None, sunset: None, link: None, is_gone: false, is_preview: false }
    }

    /// Deprecated from that second of Unix time on (RFC 9745).
    #[must_use]
    pub const fn deprecated(mut self, second: u64) -> Self {
        self.deprecated = Some(second);
        self
    }

    /// Out of service from that second of Unix time on (RFC 8594).
    ///
    /// # Panics
    /// At compile time, where it is deprecated later.
    #[must_use]
    pub const fn sunset(mut self, second: u64) -> Self {
        if let Some(deprecated) = self.deprecated {
            assert!(deprecated <= second, "a version is deprecated before its sunset");
        }
        self.sunset = Some(second);
        self
    }

    /// Where people read about it.
    #[must_use]
    pub const fn link(mut self, link: &'static str) -> Self {
        self.link = Some(link);
        self
    }

    /// Answered with 410 after its sunset.
    #[must_use]
    pub const fn gone(mut self) -> Self {
        self.is_gone = true;
        self
    }

    /// May change: never the default.
    #[must_use]
    pub const fn preview(mut self) -> Self {
        self.is_preview = true;
        self
    }

    /// As answers write it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its name in metrics.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        self.label
    }

    /// The second of Unix time from which on it is deprecated.
    #[must_use]
    pub const fn deprecated_from(&self) -> Option<u64> {
        self.deprecated
    }

    /// The second of Unix time from which on it is out of service.
    #[must_use]
    pub const fn sunset_at(&self) -> Option<u64> {
        self.sunset
    }

    /// Where people read about it.
    #[must_use]
    pub const fn documentation(&self) -> Option<&'static str> {
        self.link
    }

    /// The second of Unix time from which on it is answered with 410; `None` where it never is.
    #[must_use]
    pub const fn gone_from(&self) -> Option<u64> {
        if self.is_gone { self.sunset } else { None }
    }

    /// Whether it may change.
    #[must_use]
    pub const fn is_preview(&self) -> bool {
        self.is_preview
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSIONS: &[VersionInfo] =
        &[VersionInfo::new("v9", "versioned:v9"), VersionInfo::new("v10", "versioned:v10")];

    #[test]
    fn versions_are_found_however_they_are_written() {
        const TABLE: VersionTable = VersionTable::new("Version", VERSIONS, None);
        for (text, expected) in [
            ("v9", Lookup::Known(0)),
            ("9.0", Lookup::Known(0)),
            ("10", Lookup::Known(1)),
            ("V10", Lookup::Known(1)),
            ("1", Lookup::Unsupported),
            ("9-beta", Lookup::Unsupported),
            ("latest", Lookup::Malformed),
            ("", Lookup::Malformed),
        ] {
            assert_eq!(TABLE.find(text), expected, "{text}");
        }
    }

    #[test]
    fn a_version_is_gone_from_its_sunset_on_where_it_says_so() {
        let version = VersionInfo::new("v1", "versioned:v1").deprecated(10).sunset(20);
        assert_eq!(version.gone_from(), None);
        assert_eq!(version.gone().gone_from(), Some(20));
    }
}
