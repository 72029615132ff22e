//! The text of a variant's crate.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use super::{Attribute, Variant};

const HANDLERS: usize = 100;

/// Its Cargo.toml. Versions are left to Cargo.lock.
pub(super) fn manifest(variant: &Variant) -> String {
    let mut text =
        format!("[package]\nname = \"{}\"\nedition = \"2024\"\n\n[dependencies]\n", variant.package());
    text += "axum = \"*\"\nserde = { version = \"*\", features = [\"derive\"] }\n";
    if variant.needs_tollgate() {
        text += &tollgate(variant.has(Attribute::UtoipaPath));
    }
    if variant.has(Attribute::Instrument) {
        text +=
            "tracing = { version = \"*\", default-features = false, features = [\"attributes\", \"std\"] }\n";
    }
    if variant.has(Attribute::UtoipaPath) {
        text += "utoipa = \"*\"\n";
    }
    text
}

fn tollgate(with_openapi: bool) -> String {
    let features: &[&str] = if with_openapi { &["openapi"] } else { &[] };
    let path = project().join("runtime");
    format!("tollgate = {{ path = '{}', features = {features:?} }}\n", path.display())
}

/// The folder of the project's own workspace.
pub(super) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("")
}

/// Its src/lib.rs: as many GETs as POSTs, and the router that holds them, since that is where rustc proves
/// that they are handlers.
pub(super) fn library(variant: &Variant) -> String {
    let schema = if variant.has(Attribute::UtoipaPath) { ", utoipa::ToSchema" } else { "" };
    let mut text = PRELUDE.replace("/* and ToSchema */", schema);
    for index in 0..HANDLERS {
        text += &handler(variant, index);
    }
    text + &router()
}

const PRELUDE: &str = r"
use axum::{Json, Router, extract::{Path, State}, http::StatusCode, routing::{get, post}};

#[derive(Clone, serde::Serialize/* and ToSchema */)]
pub struct Airport {
    id: u64,
    name: String,
}

#[derive(serde::Deserialize/* and ToSchema */)]
pub struct Rename {
    name: String,
}

#[derive(Clone)]
pub struct Db;

impl Db {
    async fn find(&self, id: u64) -> Option<Airport> {
        Some(Airport { id, name: String::new() })
    }
}
";

fn handler(variant: &Variant, index: usize) -> String {
    let verb = verb(index);
    let mut text = String::from("\n");
    for attribute in variant.attributes {
        text += &spelling(*attribute, verb, index);
        text += "\n";
    }
    text + &if verb == "get" { get_handler(index) } else { post_handler(index) }
}

fn verb(index: usize) -> &'static str {
    if index.is_multiple_of(2) { "get" } else { "post" }
}

fn spelling(attribute: Attribute, verb: &str, index: usize) -> String {
    match attribute {
        Attribute::Instrument => "#[tracing::instrument(skip_all)]".to_owned(),
        Attribute::RateLimited => r#"#[tollgate::rate_limited("100/minute")]"#.to_owned(),
        Attribute::WithMetrics => "#[tollgate::with_metrics]".to_owned(),
        Attribute::UtoipaPath => format!(
            r#"#[utoipa::path({verb}, path = "/airports{index}/{{id}}", responses((status = 200, body = Airport)))]"#
        ),
    }
}

fn get_handler(index: usize) -> String {
    format!(
        "pub async fn airport{index}(State(db): State<Db>, Path(id): Path<u64>) -> Result<Json<Airport>, StatusCode> {{
    let airport = db.find(id).await.ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(airport))
}}
"
    )
}

fn post_handler(index: usize) -> String {
    format!(
        "pub async fn airport{index}(
    State(db): State<Db>,
    Path(id): Path<u64>,
    Json(rename): Json<Rename>,
) -> Result<Json<Airport>, StatusCode> {{
    let mut airport = db.find(id).await.ok_or(StatusCode::NOT_FOUND)?;
    airport.name = rename.name;
    Ok(Json(airport))
}}
"
    )
}

fn router() -> String {
    let mut text = String::from("\npub fn router() -> Router<Db> {\n    Router::new()\n");
    for index in 0..HANDLERS {
        let verb = verb(index);
        // Writing to a String doesn't fail.
        let _ = writeln!(text, r#"        .route("/airports{index}/{{id}}", {verb}(airport{index}))"#);
    }
    text + "}\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: Variant =
        Variant { name: "a+b", attributes: &[Attribute::WithMetrics, Attribute::UtoipaPath] };

    #[test]
    fn every_handler_carries_the_attributes_in_their_order() {
        let text = library(&BOTH);
        let stack = "#[tollgate::with_metrics]\n#[utoipa::path(post, path = \"/airports99/{id}\", ";
        assert!(text.contains(stack), "{text}");
        assert_eq!(text.matches("#[tollgate::with_metrics]").count(), HANDLERS);
        assert_eq!(text.matches(".route(").count(), HANDLERS);
        assert_eq!(text.matches("utoipa::ToSchema").count(), 2);
    }

    #[test]
    fn a_crate_depends_on_what_its_attributes_need_alone() {
        let bare = manifest(&Variant { name: "bare", attributes: &[] });
        assert!(!["tollgate", "tracing", "utoipa"].iter().any(|name| bare.contains(name)), "{bare}");
        let both = manifest(&BOTH);
        assert!(
            both.contains("name = \"handlers-a-b\"") && both.contains("features = [\"openapi\"]"),
            "{both}"
        );
    }

    #[test]
    fn the_project_is_where_the_runtime_is() {
        assert!(project().join("runtime/Cargo.toml").is_file());
    }
}
