//! JSON, read and written back: what cargo and the tools of the contract say is in it.

use std::collections::BTreeMap;
use std::fmt;

/// Deeper than any document that is read here; a nesting without end must not use up the stack.
const DEEPEST: usize = 128;

/// Any JSON value. A number stays as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Value>),
    Object(BTreeMap<String, Value>),
}

impl Value {
    /// Reads one value; the error says where it stopped. A name that comes twice in one object is an error, too.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.skip_blanks();
        if reader.at == text.len() { Ok(value) } else { Err(reader.unexpected("the end")) }
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        if let Self::Object(members) = self { members.get(name) } else { None }
    }

    /// The value below that path of names, to be changed.
    pub(crate) fn below_mut(&mut self, path: &[&str]) -> Option<&mut Self> {
        path.iter().try_fold(self, |value, name| match value {
            Self::Object(members) => members.get_mut(*name),
            _ => None,
        })
    }

    /// The value below that path of names.
    pub(crate) fn below(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, name| value.member(name))
    }

    /// Names and values of an object; nothing for anything else.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&String, &Self)> {
        let members = if let Self::Object(members) = self { Some(members) } else { None };
        members.into_iter().flatten()
    }

    pub(crate) fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn count(&self) -> Option<usize> {
        if let Self::Number(number) = self { number.parse().ok() } else { None }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn unexpected(&self, wanted: &str) -> String {
        let found: String = self.rest().chars().take(20).collect();
        format!("no JSON at byte {}: `{found}` instead of {wanted}", self.at)
    }

    /// Passes over a word if it comes next.
    fn takes(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let there = self.rest().starts_with(word);
        if there {
            self.at += word.len();
        }
        there
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        if self.takes(word) { Ok(()) } else { Err(self.unexpected(&format!("`{word}`"))) }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > DEEPEST {
            return Err(self.unexpected("a shallower value"));
        }
        if self.takes("{") {
            return self.object(depth);
        }
        if self.takes("[") {
            return self.list(depth);
        }
        if self.takes("\"") {
            return self.string().map(Value::Text);
        }
        self.word()
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        let mut members = BTreeMap::new();
        if self.takes("}") {
            return Ok(Value::Object(members));
        }
        loop {
            self.expect("\"")?;
            let name = self.string()?;
            self.expect(":")?;
            let value = self.value(depth + 1)?;
            if members.insert(name.clone(), value).is_some() {
                return Err(format!("`{name}` comes twice in one object, up to byte {}", self.at));
            }
            if !self.takes(",") {
                break;
            }
        }
        self.expect("}").map(|()| Value::Object(members))
    }

    fn list(&mut self, depth: usize) -> Result<Value, String> {
        let mut items = Vec::new();
        if self.takes("]") {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if !self.takes(",") {
                break;
            }
        }
        self.expect("]").map(|()| Value::List(items))
    }

    /// The rest of a text whose first quotation mark has been read.
    fn string(&mut self) -> Result<String, String> {
        let mut text = String::new();
        loop {
            let plain = self.rest().find(['"', '\\']).ok_or_else(|| self.unexpected("a text that ends"))?;
            text.push_str(&self.rest()[..plain]);
            self.at += plain;
            if self.rest().starts_with('"') {
                self.at += 1;
                return Ok(text);
            }
            text.push(self.escape()?);
        }
    }

    /// One character behind a backslash.
    fn escape(&mut self) -> Result<char, String> {
        let kind = self.rest().chars().nth(1).ok_or_else(|| self.unexpected("an escape"))?;
        let meant = match kind {
            '"' | '\\' | '/' => kind,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.code_point(),
            _ => return Err(self.unexpected("an escape")),
        };
        self.at += 2;
        Ok(meant)
    }

    /// `\u` and four digits, or two of them for a character beyond the first 65 536. Half of such a pair, which a
    /// Python tool may write, is no character of Rust's: the mark for an unknown one stands for it.
    fn code_point(&mut self) -> Result<char, String> {
        let first = self.code_unit()?;
        if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            let second = self.code_unit()?;
            let both = char::decode_utf16([first, second]).next().and_then(Result::ok);
            return Ok(both.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code_unit(&mut self) -> Result<u16, String> {
        let digits = self.rest().get(2..6).and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let unit = digits.ok_or_else(|| self.unexpected("four hexadecimal digits"))?;
        self.at += 6;
        Ok(unit)
    }

    fn word(&mut self) -> Result<Value, String> {
        let end =
            self.rest().find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or_else(|| self.rest().len());
        let value = match &self.rest()[..end] {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            number if number.parse::<f64>().is_ok_and(f64::is_finite) => Value::Number(number.to_owned()),
            _ => return Err(self.unexpected("a value")),
        };
        self.at += end;
        Ok(value)
    }
}

/// As one line that every reader of JSON reads as the same value.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(number) => f.write_str(number),
            Self::Text(text) => write_text(f, text),
            Self::List(items) => write_all(f, ['[', ']'], items.iter(), |f, item| write!(f, "{item}")),
            Self::Object(members) => write_all(f, ['{', '}'], members.iter(), |f, (name, value)| {
                write_text(f, name)?;
                write!(f, ":{value}")
            }),
        }
    }
}

fn write_all<T>(
    f: &mut fmt::Formatter<'_>,
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    mut write_one: impl FnMut(&mut fmt::Formatter<'_>, T) -> fmt::Result,
) -> fmt::Result {
    write!(f, "{open}")?;
    for (place, item) in items.enumerate() {
        f.write_str(if place == 0 { "" } else { "," })?;
        write_one(f, item)?;
    }
    write!(f, "{close}")
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            '\0'..='\u{1f}' => write!(f, "\\u{:04x}", u32::from(character))?,
            _ => write!(f, "{character}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Value {
        Value::parse(text).unwrap()
    }

    #[test]
    fn a_member_is_found() {
        let metadata = parse(r#"{"packages":[],"target_directory":"C:\\a b\\target","version":1}"#);
        assert_eq!(metadata.member("target_directory").and_then(Value::text), Some(r"C:\a b\target"));
        assert_eq!(metadata.member("version").and_then(Value::count), Some(1));
        assert_eq!(metadata.member("absent"), None);
        assert_eq!(metadata.members().count(), 3);
        assert_eq!(metadata.items(), []);
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let text = r#"{"a":[1,-2.5e3,null,true,[]],"b":{"c":"\"\\\u0001 é"},"d":{}}"#;
        assert_eq!(parse(text).to_string(), text);
        assert_eq!(parse(&format!(" {} \n", text.replace(',', " ,\n "))), parse(text));
    }

    #[test]
    fn escapes_are_undone() {
        let text = parse(r#""\u00e9\ud83d\ude00\ud83d \n\t\/""#);
        assert_eq!(text.text(), Some("é😀\u{fffd} \n\t/"));
    }

    #[test]
    fn a_path_leads_down() {
        let mut value = parse(r#"{"a":{"b":1}}"#);
        assert_eq!(value.below(&["a", "b"]).and_then(Value::count), Some(1));
        assert_eq!(value.below(&["a", "c"]), None);
        *value.below_mut(&["a", "b"]).unwrap() = Value::Null;
        assert_eq!(value.to_string(), r#"{"a":{"b":null}}"#);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in
            ["", "{", "[1", "[1,]", "{\"a\" 1}", "\"a", "\"\\x\"", "\"\\u12\"", "nul", "1 2", "NaN", "inf"]
        {
            assert!(Value::parse(text).is_err(), "{text}");
        }
        assert!(Value::parse(r#"{"a":1,"a":2}"#).unwrap_err().contains("`a` comes twice"));
        assert!(Value::parse(&"[".repeat(100_000)).unwrap_err().contains("shallower"));
    }
}
