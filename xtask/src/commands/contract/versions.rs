//! The documents of the versions of an example: each passes the judge, and they differ as they should.

use std::net::SocketAddr;

use super::document::Document;
use super::examples::Example;
use super::judges::Judges;
use crate::failure::{Failure, Outcome};
use crate::json::Value;

/// Holds the document of each version to its name. The newest is what is served without a version.
pub(super) fn check(newest: &Document, example: &Example, address: SocketAddr, judges: &Judges) -> Outcome {
    let mut documents = Vec::new();
    for version in example.versions {
        let path = format!("/openapi/{version}.json");
        let document = Document::fetch(address, &path)?;
        judges.check_document(&document.0.to_string())?;
        document.check_components()?;
        check_name(&document, version)?;
        documents.push((*version, document));
    }
    let Some(((version, first), older)) = documents.split_first() else { return Ok(()) };
    if first != newest {
        return Err(Failure::broken(format!("the document of {version} is not that of the newest version")));
    }
    for (version, document) in older {
        check_older(version, document, first)?;
    }
    println!("{}: openapi-spec-validator has no complaint, and they differ", example.versions.join(", "));
    Ok(())
}

fn check_name(document: &Document, version: &str) -> Outcome {
    let named = document.0.member("info").and_then(|info| info.member("version")).and_then(Value::text);
    if named == Some(version) {
        return Ok(());
    }
    Err(Failure::broken(format!("the document of {version} calls itself {named:?}")))
}

/// What an older version has that the newest has not: operations that are deprecated, and schemas of its own.
fn check_older(version: &str, older: &Document, newest: &Document) -> Outcome {
    let deprecated = |document: &Document| document.0.to_string().matches("\"deprecated\":true").count();
    let missing = match (deprecated(older), deprecated(newest)) {
        (0, _) => "no operation that is deprecated",
        (_, 0) if older.schemas() == newest.schemas() => "no schema of its own",
        (_, 0) => return Ok(()),
        _ => "what the newest has as well: a deprecated operation",
    };
    Err(Failure::broken(format!("the document of {version} has {missing}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document(Value::parse(text).unwrap())
    }

    const OLD: &str = r#"{"info":{"version":"v1"},"paths":{"/a":{"get":{"deprecated":true}}},"components":{"schemas":{"Old":{}}}}"#;
    const NEW: &str =
        r#"{"info":{"version":"v2"},"paths":{"/a":{"get":{}}},"components":{"schemas":{"New":{}}}}"#;

    #[test]
    fn a_document_is_called_by_its_version() {
        assert!(check_name(&document(OLD), "v1").is_ok());
        assert!(check_name(&document(OLD), "v2").is_err());
    }

    #[test]
    fn an_older_version_is_deprecated_and_has_schemas_of_its_own() {
        let (old, new) = (document(OLD), document(NEW));
        assert!(check_older("v1", &old, &new).is_ok());
        assert!(check_older("v1", &new, &new).is_err());
        assert!(check_older("v1", &old, &old).is_err());
        let same = document(&OLD.replace("Old", "New"));
        assert!(check_older("v1", &same, &new).is_err());
    }
}
