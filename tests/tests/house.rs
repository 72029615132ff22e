//! The order of the house: who may name whom, and what an attribute has to bring along.
//!
//! The sources are read as text. Comments and unit tests (which stand at the end of a file) do not count.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows tests by `#[test]`, and these are their helpers"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The floors of the runtime, from the ground up. A floor names those below it; rooms of one floor do not name each
/// other.
const FLOORS: &[&[&str]] = &[
    &["core"],
    &["backend"],
    &["http"],
    &[
        "authorize",
        "bulkhead",
        "cache",
        "circuit_breaker",
        "errors",
        "extract",
        "fallback",
        "metrics",
        "pages",
        "rate_limit",
        "retry",
        "timeout",
        "versioning",
    ],
    &["app"],
    &["cache_layer", "failure", "guard", "limit_layer", "measure", "testing", "version_layer"],
    &["call", "gate"],
    &["__private"],
];

/// The files of a room, from the ground up, where it has them.
const ROOM: &[&[&str]] = &[
    &["policy"],
    &["engine"],
    &["store"],
    &["memory", "redis", "wire"],
    &["refusal"],
    &["http"],
    &["openapi"],
];

/// What the attributes are called.
fn attributes() -> Vec<String> {
    let source = read(&root().join("macros/src/attribute.rs"));
    let names = source.lines().filter_map(|line| line.split("=> \"").nth(1)?.split('"').next());
    let names: Vec<_> = names.map(str::to_owned).collect();
    assert!(
        names.contains(&"rate_limited".to_owned()),
        "the table of attributes was not understood: {names:?}"
    );
    names
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All Rust sources below a folder.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "{folder} has no sources");
    files
}

/// Modules that hold tests alone, with all that is in their folders.
const TEST_MODULES: &[&str] = &["contract", "snapshots", "tests", "thin"];

/// The code of a file, without comments and without its unit tests.
fn code(path: &Path) -> String {
    let below_src = path.with_extension("");
    let mut below_src = below_src.iter().skip_while(|part| *part != "src");
    if below_src.any(|part| TEST_MODULES.iter().any(|module| part == *module)) {
        return String::new();
    }
    let text = read(path);
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The names that follow a prefix: `crate::` in `crate::core::Key` gives `core`. A group `crate::{a, b::c}` gives all.
fn names_after(prefix: &str, code: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut names = Vec::new();
    for (place, _) in code.match_indices(prefix) {
        let rest = &code[place + prefix.len()..];
        let before = code[..place].chars().next_back().unwrap_or(' ');
        if before.is_alphanumeric() || before == '_' || before == '$' {
            continue;
        }
        match rest.strip_prefix('{') {
            Some(group) => {
                names.extend(group.split('}').next().unwrap_or_default().split(',').map(str::trim).map(word));
            }
            None => names.push(word(rest)),
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn rank(table: &[&[&str]], name: &str) -> Option<usize> {
    table.iter().position(|floor| floor.contains(&name))
}

/// The room of the runtime that a file belongs to: its folder, or itself.
fn room_of(path: &Path) -> String {
    let relative = path.strip_prefix(root().join("runtime/src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn no_floor_of_the_runtime_names_one_above_it_and_no_room_its_sibling() {
    for path in sources("runtime/src") {
        let room = room_of(&path);
        if room == "lib" {
            continue;
        }
        let own = rank(FLOORS, &room).unwrap_or_else(|| panic!("`{room}` has no floor: add it to FLOORS"));
        for named in names_after("crate::", &code(&path)) {
            let Some(floor) = rank(FLOORS, &named) else { continue };
            assert!(
                named == room || floor < own,
                "{} names `crate::{named}`, which is {} it: `{room}` is on floor {own}, `{named}` on floor {floor}",
                path.display(),
                if floor == own { "beside" } else { "above" },
            );
        }
    }
}

#[test]
fn within_a_room_no_file_names_one_above_it() {
    let rooms = FLOORS.iter().find(|floor| floor.contains(&"rate_limit")).unwrap();
    for path in sources("runtime/src").iter().filter(|path| rooms.contains(&room_of(path).as_str())) {
        // A file of the room, or the folder in it that a file belongs to.
        let within = path.strip_prefix(root().join("runtime/src").join(room_of(path))).unwrap_or(path);
        let Some(first) = within.components().next() else { continue };
        let part = first.as_os_str().to_str().unwrap().trim_end_matches(".rs");
        let Some(own) = rank(ROOM, part) else { continue };
        for named in names_after("super::", &code(path)) {
            let Some(floor) = rank(ROOM, &named) else { continue };
            assert!(floor <= own, "{} names `super::{named}`, which stands above it", path.display());
        }
    }
}

#[test]
fn engines_know_neither_clocks_nor_locks_nor_http() {
    let is_engine = |path: &&PathBuf| {
        path.components().any(|part| ["engine", "engine.rs"].map(AsRef::as_ref).contains(&part.as_os_str()))
    };
    for path in sources("runtime/src").iter().filter(is_engine) {
        let code = code(path);
        for word in ["Clock", "Mutex", "Atomic", "http", "axum", "tokio", "tracing", "async"] {
            assert!(!code.contains(word), "{} mentions `{word}`: an engine is pure", path.display());
        }
    }
}

#[test]
fn the_rules_of_caching_know_neither_clocks_nor_stores() {
    let is_rule = |path: &&PathBuf| {
        let within = path.strip_prefix(root().join("runtime/src/cache")).is_ok();
        within && (path.ends_with("cache/life.rs") || path.components().any(|part| part.as_os_str() == "rfc"))
    };
    let rules = sources("runtime/src");
    let rules: Vec<_> = rules.iter().filter(is_rule).collect();
    assert!(rules.len() > 1, "there are none: {rules:?}");
    for path in rules {
        let code = code(path);
        for word in ["Clock", "Mutex", "Atomic", "axum", "tokio", "tracing", "async", "redis", "moka"] {
            assert!(
                !code.contains(word),
                "{} mentions `{word}`: what the standards say is pure",
                path.display()
            );
        }
    }
}

#[test]
fn the_ground_floor_knows_no_framework() {
    for path in sources("runtime/src/core") {
        let code = code(&path);
        for word in ["axum", "::http", "redis", "tokio", "tower", "utoipa"] {
            assert!(!code.contains(word), "{} mentions `{word}`", path.display());
        }
    }
}

#[test]
fn one_file_of_the_macros_spells_the_path_of_the_runtime() {
    for path in sources("macros/src") {
        let spells = code(&path).contains("__private");
        let may = path.ends_with("paths.rs");
        assert!(!spells || may, "{} spells `__private`: paths.rs does that", path.display());
    }
}

#[test]
fn clocks_are_read_in_one_place() {
    for path in sources("runtime/src").iter().filter(|path| !path.ends_with("backend/system_clock.rs")) {
        let code = code(path);
        for word in ["Instant::now", "SystemTime::now", "quanta", "tokio::time"] {
            assert!(
                !code.contains(word),
                "{} mentions `{word}`: backend/system_clock.rs does that",
                path.display()
            );
        }
    }
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    for folder in [
        "macros/src",
        "runtime/src",
        "examples",
        "tests/servers",
        "tests/src",
        "tests/tests",
        "benches/src",
        "xtask/src",
    ] {
        for path in sources(folder) {
            assert!(read(&path).starts_with("//!"), "{} does not begin with `//!`", path.display());
        }
    }
}

#[test]
fn no_file_is_longer_than_one_can_keep_in_mind() {
    const MOST: usize = 400;
    for folder in [
        "macros/src",
        "runtime/src",
        "examples/airports/src",
        "examples/users/src",
        "xtask/src",
        "benches/src",
    ] {
        for path in sources(folder) {
            let lines = code(&path).lines().count();
            assert!(lines <= MOST, "{} has {lines} lines without its tests: divide it", path.display());
        }
    }
}

/// A file or a folder.
fn is_room(folder: &Path, name: &str) -> bool {
    folder.join(format!("{name}.rs")).is_file() || folder.join(name).join("mod.rs").is_file()
}

#[test]
fn every_attribute_has_its_door_room_docs_tests_and_example() {
    let root = root();
    let door = read(&root.join("macros/src/lib.rs"));
    let reexport = read(&root.join("runtime/src/lib.rs"));
    let readme = read(&root.join("README.md"));
    let changelog = read(&root.join("CHANGELOG.md"));
    let ui: Vec<_> = sources("tests/ui").iter().map(|path| read(path)).collect();
    let behaviour: Vec<_> = sources("tests/tests").iter().map(|path| read(path)).collect();
    let example: Vec<_> = sources("examples").iter().map(|path| read(path)).collect();
    for name in attributes() {
        let used =
            |texts: &[String]| texts.iter().any(|text| text.contains(name.as_str()) && text.contains("#["));
        let missing = [
            ("a door in macros/src/lib.rs", door.contains(&format!("pub fn {name}("))),
            ("a room in macros/src", is_room(&root.join("macros/src"), &name)),
            ("docs in runtime/src/docs", root.join(format!("runtime/src/docs/{name}.md")).is_file()),
            (
                "a documented re-export in runtime/src/lib.rs",
                reexport.contains(&format!("pub use tollgate_macros::{name};")),
            ),
            ("a row in README.md", readme.contains(&format!("#[{name}"))),
            ("a line in CHANGELOG.md", changelog.contains(&format!("#[{name}"))),
            ("a UI test", ui.iter().any(|text| text.contains(&name))),
            ("a behaviour test", used(&behaviour)),
            ("a use in the example", example.iter().any(|text| text.contains(&format!("#[{name}")))),
        ];
        let missing: Vec<_> = missing.iter().filter(|(_, there)| !there).map(|(what, _)| *what).collect();
        assert!(missing.is_empty(), "`{name}` lacks {}", missing.join(", "));
    }
}

/// What the attributes of functions are called that other code calls: `rate_limited` of `call::rate_limited`.
fn call_attributes() -> Vec<String> {
    let source = read(&root().join("macros/src/call/attribute.rs"));
    let names = source.lines().filter_map(|line| line.split("=> \"call::").nth(1)?.split('"').next());
    let names: Vec<_> = names.map(str::to_owned).collect();
    assert!(names.contains(&"rate_limited".to_owned()), "the table was not understood: {names:?}");
    names
}

#[test]
fn every_attribute_of_calls_has_its_door_room_docs_and_tests() {
    let root = root();
    let door = read(&root.join("macros/src/lib.rs"));
    let reexport = read(&root.join("runtime/src/call/mod.rs"));
    let texts = |folder: &str| sources(folder).iter().map(|path| read(path)).collect::<Vec<_>>();
    let (ui, behaviour) = (texts("tests/ui"), texts("tests/tests"));
    for name in call_attributes() {
        let used = |texts: &[String]| texts.iter().any(|text| text.contains(&format!("#[call::{name}(")));
        let missing = [
            ("a door in macros/src/lib.rs", door.contains(&format!("pub fn call_{name}("))),
            ("a room in macros/src/call", is_room(&root.join("macros/src/call"), &name)),
            ("docs in runtime/src/docs", root.join(format!("runtime/src/docs/call_{name}.md")).is_file()),
            (
                "a documented re-export in runtime/src/call/mod.rs",
                reexport.contains(&format!("pub use tollgate_macros::call_{name} as {name};")),
            ),
            ("a UI test", used(&ui)),
            ("a behaviour test", used(&behaviour)),
        ];
        let missing: Vec<_> = missing.iter().filter(|(_, there)| !there).map(|(what, _)| *what).collect();
        assert!(missing.is_empty(), "`call::{name}` lacks {}", missing.join(", "));
    }
}

/// What the derives are called, each with the attribute that helps it.
fn derives() -> Vec<(String, String)> {
    let source = read(&root().join("macros/src/derive.rs"));
    let names: Vec<_> =
        source.lines().filter_map(|line| line.split("=> \"").nth(1)?.split('"').next()).collect();
    let (names, attributes) = names.split_at(names.len() / 2);
    let derives: Vec<_> =
        names.iter().zip(attributes).map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect();
    assert!(
        derives.contains(&("ApiError".to_owned(), "api_error".to_owned())),
        "the table of derives was not understood: {derives:?}"
    );
    derives
}

#[test]
fn every_derive_has_its_door_room_docs_tests_and_example() {
    let root = root();
    let door = read(&root.join("macros/src/lib.rs"));
    let reexport = read(&root.join("runtime/src/lib.rs"));
    let readme = read(&root.join("README.md"));
    let changelog = read(&root.join("CHANGELOG.md"));
    let texts = |folder: &str| sources(folder).iter().map(|path| read(path)).collect::<Vec<_>>();
    let (ui, behaviour, example) = (texts("tests/ui"), texts("tests/tests"), texts("examples"));
    for (name, attribute) in derives() {
        let used = |texts: &[String]| {
            texts.iter().any(|text| text.contains(&name) && text.contains(&format!("#[{attribute}(")))
        };
        let missing = [
            (
                "a door in macros/src/lib.rs",
                door.contains(&format!("#[proc_macro_derive({name}, attributes({attribute}))]")),
            ),
            ("a room in macros/src", is_room(&root.join("macros/src"), &attribute)),
            ("docs in runtime/src/docs", root.join(format!("runtime/src/docs/{attribute}.md")).is_file()),
            (
                "a documented re-export in runtime/src/lib.rs",
                reexport.contains(&format!("pub use tollgate_macros::{name};")),
            ),
            ("a row in README.md", readme.contains(&format!("derive({name})"))),
            ("a line in CHANGELOG.md", changelog.contains(&format!("derive({name})"))),
            ("a UI test", used(&ui)),
            ("a behaviour test", used(&behaviour)),
            ("a use in the example", used(&example)),
        ];
        let missing: Vec<_> = missing.iter().filter(|(_, there)| !there).map(|(what, _)| *what).collect();
        assert!(missing.is_empty(), "`derive({name})` lacks {}", missing.join(", "));
    }
}
