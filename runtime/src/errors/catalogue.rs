//! All problems that a program can answer with, as text and as pages that their `type` leads to.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::core::{ERROR_TYPES, ErrorKind, ErrorType};
use crate::http::{ErrorStyle, kinds};

/// All problems that the program can answer with: those that its types declare, and those of `tollgate` itself.
///
/// `Display` writes it as Markdown.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Catalogue {
    /// One for each code, in the order of the codes.
    pub entries: Vec<ErrorEntry>,
}

/// One kind of problem.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ErrorEntry {
    /// What was declared.
    pub kind: &'static ErrorKind,
    /// The URI reference that answers bear as `type`.
    pub uri: String,
    /// The types that declare it.
    pub declared_by: Vec<&'static str>,
}

/// Two types that declare one code as different problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeCollision {
    pub(crate) code: &'static str,
    pub(crate) types: [String; 2],
}

/// One code as somebody declares it.
struct Declaration {
    kind: &'static ErrorKind,
    by: Option<&'static ErrorType>,
}

/// The declarations of the program, those of `tollgate` first, by type.
fn declarations() -> impl Iterator<Item = Declaration> {
    let mut types: Vec<_> = ERROR_TYPES.iter().collect();
    types.sort_by_key(|declared| declared.path());
    let own = kinds::ALL.iter().map(|kind| Declaration { kind, by: None });
    own.chain(types.into_iter().flat_map(|declared| {
        declared.kinds().iter().map(move |kind| Declaration { kind, by: Some(declared) })
    }))
}

impl Declaration {
    /// `shop::errors::OrderError`
    fn declared_by(&self) -> String {
        self.by.map_or_else(
            || "tollgate".to_owned(),
            |declared| {
                let (module, name) = declared.path();
                format!("{module}::{name}")
            },
        )
    }
}

impl Catalogue {
    /// All that the linker has put into the program, as a service writes their types.
    pub(crate) fn of(style: &ErrorStyle) -> Self {
        let mut entries = BTreeMap::<&str, ErrorEntry>::new();
        for Declaration { kind, by } in declarations() {
            let uri = kind.own_uri().map_or_else(|| style.type_of(kind.code()), str::to_owned);
            let entry = entries.entry(kind.code());
            let entry = entry.or_insert_with(|| ErrorEntry { kind, uri, declared_by: Vec::new() });
            entry.declared_by.extend(by.map(|declared| declared.path().1));
        }
        Self { entries: entries.into_values().collect() }
    }

    /// The codes that different problems bear: programs could not tell them apart.
    pub(crate) fn collisions() -> Vec<CodeCollision> {
        let mut first = BTreeMap::<&str, Declaration>::new();
        let mut collisions = Vec::new();
        for declaration in declarations() {
            let code = declaration.kind.code();
            match first.get(code) {
                Some(other) if !is_same(other.kind, declaration.kind) => {
                    let types = [other.declared_by(), declaration.declared_by()];
                    collisions.push(CodeCollision { code, types });
                }
                Some(_) => {}
                None => drop(first.insert(code, declaration)),
            }
        }
        collisions
    }

    /// The kind of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&ErrorEntry> {
        self.entries.iter().find(|entry| entry.kind.code() == code)
    }
}

/// Whether programs and people may take one for the other.
fn is_same(one: &ErrorKind, other: &ErrorKind) -> bool {
    let identity = |kind: &ErrorKind| (kind.status(), kind.title(), kind.own_uri());
    identity(one) == identity(other)
}

impl fmt::Display for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("# Problems\n\n| code | status | title |\n| --- | --- | --- |\n")?;
        for entry in &self.entries {
            let kind = entry.kind;
            writeln!(
                f,
                "| [`{}`]({}) | {} | {} |",
                kind.code(),
                entry.uri,
                kind.status(),
                Cell(kind.title())
            )?;
        }
        self.entries.iter().try_for_each(|entry| write!(f, "\n#{entry}"))
    }
}

/// As a page of Markdown.
impl fmt::Display for ErrorEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind;
        writeln!(f, "# {}\n\n`{}`, answered with the status {}.", kind.title(), kind.code(), kind.status())?;
        if !kind.described().trim().is_empty() {
            writeln!(f, "\n{}", kind.described().trim())?;
        }
        if let Some(example) = kind.example_detail() {
            writeln!(f, "\nIts `detail`: {example}")?;
        }
        listed(f, "Members of its own", kind.extension_names())?;
        listed(f, "Header fields", kind.header_names())
    }
}

fn listed(f: &mut fmt::Formatter<'_>, what: &str, names: &[&str]) -> fmt::Result {
    if names.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    writeln!(f, "\n{what}: {}.", names.join(", "))
}

/// Text in a cell of a table.
struct Cell<'a>(&'a str);

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '|' => f.write_str("\\|"),
            '\n' => f.write_char(' '),
            c => f.write_char(c),
        })
    }
}
