//! Files, and services in few words.

use std::fs;
use std::path::{Path, PathBuf};

use tollgate::{Tollgate, TollgateBuilder};

/// A file of a test's own.
pub(crate) struct File(PathBuf);

impl File {
    /// With that name, which no other test has.
    pub(crate) fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        let file = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        file.write(content);
        file
    }

    pub(crate) fn write(&self, content: impl AsRef<[u8]>) {
        fs::write(&self.0, content).unwrap();
    }

    pub(crate) fn remove(&self) {
        fs::remove_file(&self.0).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

/// What is wrong with settings, without the folder of files.
pub(crate) fn faults(builder: TollgateBuilder) -> String {
    let error = builder.build().unwrap_err().to_string();
    error.replace(concat!(env!("CARGO_TARGET_TMPDIR"), "/"), "")
}

/// What is wrong with a text.
pub(crate) fn faults_of(toml: &str) -> String {
    faults(Tollgate::builder().config(toml))
}

/// The limits of a function as the inventory shows them.
pub(crate) fn limits(tollgate: &Tollgate, site: &str) -> String {
    let inventory = tollgate.inventory();
    let site = inventory.sites.iter().find(|entry| entry.name == site).unwrap();
    let limits = site.policies.iter().filter(|entry| entry.policy == tollgate::Policy::RateLimit);
    limits.map(|entry| format!("{} {}", entry.label, entry.summary)).collect::<Vec<_>>().join("; ")
}

/// The same with a configuration.
pub(crate) fn configured(toml: &str, site: &str) -> String {
    limits(&Tollgate::builder().config(toml).build().unwrap(), site)
}
