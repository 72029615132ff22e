//! What a configuration says of one policy, in terms that no format of files has a part in.

use std::fmt;
use std::sync::Arc;

use super::suggest::closest;

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file, or how else it came in.
    pub(crate) source: Arc<str>,
    /// From 1; zero where it is the source as a whole.
    pub(crate) line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if self.line > 0 { write!(f, ":{}", self.line) } else { Ok(()) }
    }
}

/// What is wrong with a setting, or with a declaration that others have to agree with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingFault {
    /// Where it is written; `None` where no configuration is at fault.
    pub(crate) place: Option<Place>,
    /// The path of the key, as the file spells it: `sites."airports::list".rate_limited.burst`.
    pub(crate) path: String,
    /// What is wrong, and what to write instead.
    pub(crate) what: String,
}

impl fmt::Display for SettingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        f.write_str(&self.what)
    }
}

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Number(i128),
    /// With a fraction.
    Fraction(f64),
    Flag(bool),
    List(Vec<(Place, Self)>),
    /// Something that no setting takes, by its kind: `a table`.
    Other(&'static str),
}

impl Value {
    /// What it is, with its article.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a whole number",
            Self::Fraction(_) => "a number with a fraction",
            Self::Flag(_) => "`true` or `false`",
            Self::List(_) => "a list",
            Self::Other(kind) => kind,
        }
    }
}

/// One key with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// The keys that a room knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keys {
    pub(crate) known: &'static [&'static str],
    /// Words of other libraries and of its own attribute, each with what to do about it.
    pub(crate) elsewhere: &'static [(&'static str, &'static str)],
}

/// All that a configuration says of one policy.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// `sites."airports::list".rate_limited`
    pub(crate) path: String,
    /// Where its first key is written.
    pub(crate) place: Place,
    pub(crate) entries: Vec<Setting>,
}

impl Settings {
    /// Tells of every key that a room does not know.
    pub(crate) fn check(&self, keys: &Keys, faults: &mut Vec<SettingFault>) {
        for setting in self.entries.iter().filter(|setting| !keys.known.contains(&setting.key.as_str())) {
            let elsewhere = keys.elsewhere.iter().find(|(word, _)| setting.key.eq_ignore_ascii_case(word));
            let hint = match (elsewhere, closest(&setting.key, keys.known.iter().copied())) {
                (Some((_, hint)), _) => (*hint).to_owned(),
                (None, Some(near)) => format!("did you mean `{near}`?"),
                (None, None) => format!("there are {}", quoted(keys.known)),
            };
            faults.push(self.fault(setting, format!("there is no such key: {hint}")));
        }
    }

    /// The setting of that key.
    pub(crate) fn get(&self, key: &str) -> Option<&Setting> {
        self.entries.iter().find(|setting| setting.key == key)
    }

    /// Whether, where it says so.
    pub(crate) fn flag(&self, key: &str, faults: &mut Vec<SettingFault>) -> Option<bool> {
        let setting = self.get(key)?;
        if let Value::Flag(flag) = setting.value {
            return Some(flag);
        }
        let kind = setting.value.kind();
        faults.push(self.fault(setting, format!("this is {kind}: write `true` or `false`, without quotes")));
        None
    }

    /// A number above zero.
    pub(crate) fn positive(&self, key: &str, faults: &mut Vec<SettingFault>) -> Option<u32> {
        let setting = self.get(key)?;
        let what = match setting.value {
            Value::Number(number) if number < 1 => "this is at least 1".to_owned(),
            Value::Number(number) => match u32::try_from(number) {
                Ok(number) => return Some(number),
                Err(_) => format!("this is at most {}", u32::MAX),
            },
            _ => format!(
                "this is {}: write a whole number, without quotes, as in `{key} = 200`",
                setting.value.kind()
            ),
        };
        faults.push(self.fault(setting, what));
        None
    }

    /// A fault of one of these settings.
    pub(crate) fn fault(&self, setting: &Setting, what: impl Into<String>) -> SettingFault {
        self.fault_at(&setting.place, &setting.key, what)
    }

    /// The same at a place within its value.
    pub(crate) fn fault_at(&self, place: &Place, key: &str, what: impl Into<String>) -> SettingFault {
        let path = format!("{}.{}", self.path, spelled(key));
        SettingFault { place: Some(place.clone()), path, what: what.into() }
    }
}

/// A key as a file spells it: bare, or in quotes where it has to be.
pub(crate) fn spelled(key: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !key.is_empty() && key.bytes().all(is_bare) {
        return key.to_owned();
    }
    format!("\"{}\"", key.escape_debug())
}

/// `a`, `b` and `c`
pub(crate) fn quoted(words: &[&str]) -> String {
    let mut text = String::new();
    for (place, word) in words.iter().enumerate() {
        text.push_str(match place {
            0 => "",
            last if last + 1 == words.len() => " and ",
            _ => ", ",
        });
        text.extend(["`", word, "`"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: Keys = Keys { known: &["rates", "burst"], elsewhere: &[("capacity", "write `burst`")] };

    fn settings(entries: &[(&str, Value)]) -> Settings {
        let place = |line| Place { source: Arc::from("a.toml"), line };
        let entry = |(line, (key, value)): (usize, &(&str, Value))| Setting {
            key: (*key).to_owned(),
            place: place(line + 2),
            value: value.clone(),
        };
        let entries = entries.iter().enumerate().map(entry).collect();
        Settings { path: "sites.a.rate_limited".to_owned(), place: place(1), entries }
    }

    #[test]
    fn unknown_keys_are_told_with_what_was_meant() {
        let settings = settings(&[
            ("brust", Value::Number(1)),
            ("capacity", Value::Number(1)),
            ("x y", Value::Number(1)),
            ("burst", Value::Number(1)),
        ]);
        let mut faults = Vec::new();
        settings.check(&KEYS, &mut faults);
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "a.toml:2: `sites.a.rate_limited.brust`: there is no such key: did you mean `burst`?",
                "a.toml:3: `sites.a.rate_limited.capacity`: there is no such key: write `burst`",
                "a.toml:4: `sites.a.rate_limited.\"x y\"`: there is no such key: there are `rates` and `burst`",
            ]
        );
    }

    #[test]
    fn values_are_of_their_type_or_told() {
        let cases = [
            (Value::Number(7), Ok(7)),
            (Value::Number(0), Err("this is at least 1")),
            (Value::Number(-1), Err("this is at least 1")),
            (Value::Number(1 << 32), Err("this is at most 4294967295")),
            (Value::Flag(true), Err("this is `true` or `false`: write a whole number")),
            (Value::Text("7".to_owned()), Err("this is a text: write a whole number")),
            (Value::Other("a date"), Err("this is a date: write a whole number")),
        ];
        for (value, expected) in cases {
            let mut faults = Vec::new();
            let read = settings(&[("burst", value)]).positive("burst", &mut faults);
            match expected {
                Ok(number) => assert_eq!((read, faults.len()), (Some(number), 0)),
                Err(what) => assert!(faults[0].what.starts_with(what), "{}", faults[0]),
            }
        }
        let mut faults = Vec::new();
        assert_eq!(settings(&[("shadow", Value::Flag(false))]).flag("shadow", &mut faults), Some(false));
        assert_eq!(settings(&[]).flag("shadow", &mut faults), None);
        assert!(faults.is_empty());
        assert_eq!(settings(&[("shadow", Value::Number(1))]).flag("shadow", &mut faults), None);
        assert_eq!(faults[0].what, "this is a whole number: write `true` or `false`, without quotes");
    }
}
