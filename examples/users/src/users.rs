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
    #[garde(email)]
    #[schema(format = Email, example = "ada@example.com")]
    pub email: String,
    /// What to call the user, in one line.
    #[garde(length(chars, min = 1, max = 100), custom(one_line))]
    #[schema(min_length = 1, max_length = 100, example = "Ada Lovelace")]
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
    #[garde(email)]
    #[schema(value_type = String, format = Email, example = "ada@example.org")]
    pub email: Option<String>,
    /// What to call the user, in one line.
    #[serde(default, deserialize_with = "given")]
    #[garde(length(chars, min = 1, max = 100), inner(custom(one_line)))]
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Ada King")]
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

fn one_line<C>(text: &str, _context: &C) -> garde::Result {
    if text.trim() == text && !text.contains(char::is_control) {
        Ok(())
    } else {
        Err(garde::Error::new("must be one line without blanks at its ends"))
    }
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
        for name in [" Ada", "Ada\t", "two\nlines", "nul\0"] {
            let json = serde_json::json!({ "name": name }).to_string();
            assert_eq!(refusals(&json), ["name: must be one line without blanks at its ends"], "{name:?}");
        }
        let long = serde_json::json!({ "name": "é".repeat(101), "password": "x".repeat(129) });
        let expected = ["name: length is greater than 100", "password: length is greater than 128"];
        assert_eq!(refusals(&long.to_string()), expected);
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
