//! A user: as it is answered, as it is created, and what may be changed of it.

use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};
use sqlx::FromRow;
use tollgate::Paginate;
use utoipa::ToSchema;

use crate::passwords::Password;

/// Somebody who has an account. There is no password in it, so none can be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow, Paginate, ToSchema)]
#[paginate(key = id, sort(name, email, created_at), filter(name), style = page)]
pub struct User {
    /// What names the user for ever.
    #[schema(minimum = 1, example = 1)]
    pub id: i64,
    /// Address, as its owner wrote it.
    #[schema(format = Email, example = "ada@example.com")]
    pub email: String,
    /// What to call the user.
    #[schema(example = "Ada Lovelace")]
    pub name: String,
    /// When the account was made, in UTC.
    #[schema(format = DateTime, example = "2026-01-01T12:00:00Z")]
    pub created_at: String,
}

/// An account to make.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Address; nobody else may have it, in whatever case it is written.
    #[garde(email, length(chars, max = 254), custom(mailbox))]
    #[schema(format = Email, max_length = 254, example = "ada@example.com")]
    pub email: String,
    /// What to call the user, in one line.
    #[garde(length(chars, min = 1, max = 100), custom(one_line))]
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$",
        example = "Ada Lovelace"
    )]
    pub name: String,
    /// Password.
    #[garde(dive)]
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128, example = "correct horse")]
    pub password: Password,
}

/// What to change of an account (RFC 7396): what is absent stays as it is.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// Address; nobody else may have it, in whatever case it is written.
    #[serde(default, deserialize_with = "given")]
    #[garde(email, length(chars, max = 254), inner(custom(mailbox)))]
    #[schema(value_type = String, format = Email, max_length = 254, example = "ada@example.org")]
    pub email: Option<String>,
    /// What to call the user, in one line.
    #[serde(default, deserialize_with = "given")]
    #[garde(length(chars, min = 1, max = 100), inner(custom(one_line)))]
    #[schema(
        value_type = String,
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$",
        example = "Ada King"
    )]
    pub name: Option<String>,
    /// Password.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128, example = "battery staple")]
    pub password: Option<Password>,
}

/// Serde calls this for fields that are there, so `null` is refused: no field of a user can be taken away.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// What `format: email` (RFC 5321) asks for beyond garde's `email`. Mail to a machine without a name finds nobody.
fn mailbox<C>(address: &str, _context: &C) -> garde::Result {
    // What is no address at all is told by the other rule.
    let Some((user, domain)) = address.split_once('@') else { return Ok(()) };
    if user.split('.').any(str::is_empty) {
        return Err(garde::Error::new(
            "must have something before, between and after the dots in front of `@`",
        ));
    }
    if domain.starts_with('[') {
        return Err(garde::Error::new("must name a domain behind `@`"));
    }
    Ok(())
}

fn one_line<C>(text: &str, _context: &C) -> garde::Result {
    if text.trim_matches(is_blank) == text && !text.contains(char::is_control) {
        Ok(())
    } else {
        Err(garde::Error::new("must be one line without blanks at its ends"))
    }
}

/// As the pattern of the schema has `\s`, which counts the byte order mark in.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(json: &str) -> Vec<String> {
        let change: UserChange = serde_json::from_str(json).unwrap();
        match change.validate() {
            Ok(()) => Vec::new(),
            Err(report) => report.iter().map(|(path, error)| format!("{path}: {error}")).collect(),
        }
    }

    #[test]
    fn what_is_fine_passes() {
        for json in [
            "{}",
            r#"{"email":"Ada.Lovelace+engine@example.com"}"#,
            r#"{"name":"Æ","password":"12345678"}"#,
            r#"{"name":"山田 太郎"}"#,
        ] {
            assert_eq!(refusals(json), [""; 0], "{json}");
        }
    }

    #[test]
    fn every_field_that_is_wrong_is_named() {
        assert_eq!(
            refusals(r#"{"email":"ada","name":"","password":"1234567"}"#),
            [
                "email: not a valid email: value is missing `@`",
                "name: length is lower than 1",
                "password: length is lower than 8",
            ]
        );
        for name in [" Ada", "Ada\t", "two\nlines", "nul\0", "esc\u{1b}[2J", "\u{9b}2J", "\u{feff}Ada"] {
            let json = serde_json::json!({ "name": name }).to_string();
            assert_eq!(refusals(&json), ["name: must be one line without blanks at its ends"], "{name:?}");
        }
        let long = serde_json::json!({ "name": "é".repeat(101), "password": "x".repeat(129) });
        let expected = ["name: length is greater than 100", "password: length is greater than 128"];
        assert_eq!(refusals(&long.to_string()), expected);
    }

    #[test]
    fn an_address_is_a_mailbox_of_a_domain() {
        let long = format!("ada@{}.example.com", vec!["x".repeat(60); 4].join("."));
        for (email, fault) in [
            (".ada@example.com", "must have something before, between and after the dots in front of `@`"),
            ("ada.@example.com", "must have something before, between and after the dots in front of `@`"),
            (
                "ada..king@example.com",
                "must have something before, between and after the dots in front of `@`",
            ),
            ("ada@[127.0.0.1]", "must name a domain behind `@`"),
            ("ada@[2001:db8::1]", "must name a domain behind `@`"),
            (&long, "length is greater than 254"),
        ] {
            let json = serde_json::json!({ "email": email }).to_string();
            assert_eq!(refusals(&json), [format!("email: {fault}")]);
        }
        for email in ["ada.king@example.com", "a@b", "!#$%&'*+/=?^_`{|}~-@xn--bcher-kva.example"] {
            assert_eq!(refusals(&serde_json::json!({ "email": email }).to_string()), [""; 0], "{email}");
        }
    }

    #[test]
    fn null_takes_nothing_away() {
        for field in ["email", "name", "password"] {
            let json = format!(r#"{{"{field}":null}}"#);
            assert!(serde_json::from_str::<UserChange>(&json).is_err(), "{field}");
        }
    }

    #[test]
    fn logs_show_no_password() {
        let json = r#"{"email":"ada@example.com","name":"Ada","password":"correct horse"}"#;
        let shown = format!("{:?}", serde_json::from_str::<NewUser>(json).unwrap());
        assert!(shown.contains("Ada") && !shown.contains("horse"), "{shown}");
    }
}
