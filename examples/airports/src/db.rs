//! The state of the service: all airports, changeable in memory.

use std::sync::{Arc, PoisonError, RwLock};

use crate::airports::{Airport, Airports, DataError};
use crate::change::AirportChange;
use crate::codes::Iata;

/// All airports, cheap to clone for every request.
///
/// Readers take what there is at one moment, and hold no lock while they work with it; a change puts something new in
/// its place. So one answer never shows an airport before a change and another one after it.
#[derive(Clone, Debug)]
pub struct Db(Arc<RwLock<Arc<Airports>>>);

impl Db {
    /// Reads the airports that are compiled into the program.
    pub fn load() -> Result<Self, DataError> {
        Airports::embedded().map(Self::from)
    }

    /// The airports as they are now.
    #[must_use]
    pub fn airports(&self) -> Arc<Airports> {
        // Poisoned or not: a change is built before it is put in, so there is no half of one.
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes an airport, and gives what has become of it; nothing if no airport has this code.
    #[must_use]
    pub fn change(&self, iata: Iata, change: AirportChange) -> Option<Airport> {
        let mut airports = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let changed = change.applied_to(airports.get(iata)?.clone());
        // Copies the list if somebody reads it, but not the airports.
        Arc::make_mut(&mut airports).replace(changed.clone());
        Some(changed)
    }
}

impl From<Airports> for Db {
    fn from(airports: Airports) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(airports))))
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn iata(text: &str) -> Iata {
        text.parse().unwrap()
    }

    fn change(json: &str) -> AirportChange {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_reader_keeps_what_it_has_and_the_next_one_sees_the_change() {
        let db = Db::load().unwrap();
        let before = db.airports();
        let changed = db.change(iata("CDG"), change(r#"{"name":"Roissy"}"#)).unwrap();
        assert_eq!(changed.name, "Roissy");
        assert_eq!(before.get(iata("CDG")).unwrap().name, "Charles de Gaulle International Airport");
        assert_eq!(db.airports().get(iata("CDG")), Some(&changed));
    }

    #[test]
    fn an_unknown_code_changes_nothing() {
        let db = Db::load().unwrap();
        let before = db.airports();
        assert_eq!(db.change(iata("QQQ"), change(r#"{"name":"Nowhere"}"#)), None);
        assert!(Arc::ptr_eq(&before, &db.airports()));
    }

    #[test]
    fn no_change_is_lost_among_many_at_once() {
        let db = Db::load().unwrap();
        let fields = ["elevation", "lat", "lon"];
        thread::scope(|scope| {
            for field in fields {
                let db = &db;
                scope.spawn(move || {
                    for number in 1..=50 {
                        let _ = db.change(iata("CDG"), change(&format!(r#"{{"{field}":{number}}}"#)));
                        assert!(!db.airports().search(None, "lfpg").is_empty());
                    }
                });
            }
        });
        let airport = db.airports().get(iata("CDG")).cloned().unwrap();
        assert_eq!(serde_json::to_value(airport.position().lat).unwrap(), 50.0);
        assert_eq!(serde_json::to_value(airport.position().lon).unwrap(), 50.0);
        assert!((airport.elevation - 50.0).abs() < 1e-9);
    }
}
