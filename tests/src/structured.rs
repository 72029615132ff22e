//! Structured fields (RFC 9651), as far as rate limits write them: a List of Strings with parameters.
//!
//! A parser of its own, and a strict one, so that no test holds our writer to our own understanding of it.

use std::str;

/// One member of a List of Strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The String.
    pub name: String,
    /// Its parameters, in order; each name once.
    pub parameters: Vec<(String, Value)>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An Integer.
    Integer(i64),
    /// A String.
    Text(String),
    /// A Byte Sequence, in base64.
    Bytes(String),
    /// A Boolean.
    Boolean(bool),
}

impl Member {
    /// An Integer parameter; `None` where it is missing or something else.
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.parameters.iter().find(|(own, _)| own == name)? {
            (_, Value::Integer(integer)) => Some(*integer),
            _ => None,
        }
    }
}

/// Parses a non-empty List of Strings.
///
/// # Errors
/// What is wrong, and what stood there.
pub fn list_of_strings(field: &str) -> Result<Vec<Member>, String> {
    let mut rest = Rest(field.trim_matches(' '));
    let mut members = Vec::new();
    loop {
        members.push(rest.member()?);
        rest.skip(&[' ', '\t']);
        if rest.0.is_empty() {
            return Ok(members);
        }
        rest.expect(',')?;
        rest.skip(&[' ', '\t']);
    }
}

/// What is left to parse.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn fail<T>(&self, expected: &str) -> Result<T, String> {
        Err(format!("expected {expected}, found `{}`", self.0))
    }

    fn skip(&mut self, characters: &[char]) {
        self.0 = self.0.trim_start_matches(characters);
    }

    fn accept(&mut self, character: char) -> bool {
        let rest = self.0.strip_prefix(character);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn expect(&mut self, character: char) -> Result<(), String> {
        if self.accept(character) { Ok(()) } else { self.fail(&format!("`{character}`")) }
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|character| !wanted(character)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    fn member(&mut self) -> Result<Member, String> {
        let name = self.string()?;
        let mut parameters: Vec<(String, Value)> = Vec::new();
        while self.accept(';') {
            self.skip(&[' ']);
            let key = self.key()?;
            let value = if self.accept('=') { self.value()? } else { Value::Boolean(true) };
            if parameters.iter().any(|(other, _)| *other == key) {
                return Err(format!("`{key}` stands twice"));
            }
            parameters.push((key, value));
        }
        Ok(Member { name, parameters })
    }

    fn key(&mut self) -> Result<String, String> {
        if !self.0.starts_with(|c: char| c.is_ascii_lowercase() || c == '*') {
            return self.fail("a key");
        }
        let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.*".contains(c);
        Ok(self.take_while(is_key).to_owned())
    }

    fn value(&mut self) -> Result<Value, String> {
        match self.0.chars().next() {
            Some('"') => self.string().map(Value::Text),
            Some(':') => self.bytes().map(Value::Bytes),
            Some('?') => self.boolean().map(Value::Boolean),
            _ => self.integer().map(Value::Integer),
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| matches!(c, ' '..='~') && c != '"' && c != '\\'));
            if self.accept('"') {
                return Ok(text);
            }
            self.expect('\\')?;
            match self.0.chars().next() {
                Some(escaped @ ('"' | '\\')) => text.push(escaped),
                _ => return self.fail("an escaped quote or backslash"),
            }
            self.0 = &self.0[1..];
        }
    }

    fn bytes(&mut self) -> Result<String, String> {
        self.expect(':')?;
        let base64 = self.take_while(|c| c.is_ascii_alphanumeric() || "+/=".contains(c));
        self.expect(':')?;
        Ok(base64.to_owned())
    }

    fn boolean(&mut self) -> Result<bool, String> {
        self.expect('?')?;
        match (self.accept('1'), self.accept('0')) {
            (true, _) => Ok(true),
            (_, true) => Ok(false),
            _ => self.fail("0 or 1"),
        }
    }

    fn integer(&mut self) -> Result<i64, String> {
        let sign = if self.accept('-') { -1 } else { 1 };
        let digits = self.take_while(|c| c.is_ascii_digit());
        if digits.is_empty() || digits.len() > 15 || self.0.starts_with('.') {
            return self.fail("an Integer of at most 15 digits");
        }
        digits.parse::<i64>().map(|integer| sign * integer).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_draft_are_lists_of_strings() {
        let policies = list_of_strings(r#""burst";q=100;w=60,"daily";q=1000;w=86400"#).unwrap();
        assert_eq!(
            policies.iter().map(|policy| policy.name.as_str()).collect::<Vec<_>>(),
            ["burst", "daily"]
        );
        assert_eq!(policies[1].integer("w"), Some(86_400));
        let [policy] =
            &list_of_strings(r#""peruser";q=65535;qu="content-bytes";w=10;pk=:sdfjLJUOUH==:"#).unwrap()[..]
        else {
            panic!("one member")
        };
        assert_eq!(policy.parameters[1], ("qu".to_owned(), Value::Text("content-bytes".to_owned())));
        assert_eq!(policy.parameters[3], ("pk".to_owned(), Value::Bytes("sdfjLJUOUH==".to_owned())));
        assert_eq!(list_of_strings(r#""default";r=50;t=30"#).unwrap()[0].integer("t"), Some(30));
    }

    #[test]
    fn what_the_grammar_allows_is_understood() {
        let members = list_of_strings(" \"a b\";  q=-1;x;y=?0 \t,\t \"\\\"\\\\\" ").unwrap();
        let parameters =
            [("q", Value::Integer(-1)), ("x", Value::Boolean(true)), ("y", Value::Boolean(false))];
        assert_eq!(members[0].parameters, parameters.map(|(name, value)| (name.to_owned(), value)));
        assert_eq!((members[0].name.as_str(), members[1].name.as_str()), ("a b", "\"\\"));
        assert_eq!(members[0].integer("x"), None);
    }

    #[test]
    fn what_is_no_list_of_strings_is_refused() {
        for field in [
            "",
            "default;r=1",
            "\"default",
            "\"default\";r=1,",
            ",\"default\"",
            "\"a\" \"b\"",
            "\"a\";R=1",
            "\"a\";1=1",
            "\"a\";r=",
            "\"a\";r=1.5",
            "\"a\";r=token",
            "\"a\";r=1234567890123456",
            "\"a\";r=1;r=2",
            "\"a\" ;r=1",
            "\"a\\n\"",
            "\"\u{e9}\"",
            "(\"a\")",
            "100;w=60",
        ] {
            assert!(list_of_strings(field).is_err(), "{field}");
        }
    }
}
