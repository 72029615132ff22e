//! Where the clients of each API write its version, as the builder was told.

use super::config_error::Fault;
use crate::core::VersionTable;
use crate::versioning::{Scheme, Schemes, VersionReaders};

/// The readers of each API, unchecked.
#[derive(Clone, Debug, Default)]
pub(super) struct WrittenVersions(Vec<(&'static VersionTable, VersionReaders)>);

impl WrittenVersions {
    pub(super) fn of(&mut self, table: &'static VersionTable, readers: VersionReaders) {
        self.0.push((table, readers));
    }

    /// Ready, as far as nothing is wrong with them.
    pub(super) fn schemes(self, faults: &mut Vec<Fault>) -> Schemes {
        let mut schemes: Vec<Scheme> = Vec::new();
        for (table, readers) in self.0 {
            let mut fault = |fault| faults.push(Fault::NoVersions { versions: table.type_name(), fault });
            if schemes.iter().any(|scheme| std::ptr::eq(scheme.table(), table)) {
                fault("it is given twice: write all readers of one API into one".to_owned());
                continue;
            }
            match Scheme::new(table, readers) {
                Ok(scheme) => schemes.push(scheme),
                Err(several) => several.into_iter().for_each(fault),
            }
        }
        Schemes::new(schemes)
    }
}
