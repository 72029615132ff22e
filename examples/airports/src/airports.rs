//! The airports: read once at start-up, then looked up, searched and measured without I/O.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use csv::{ErrorKind, ReaderBuilder, StringRecord, Terminator, Trim};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use crate::codes::{Country, Iata};
use crate::geo::{Latitude, Longitude, Position};

const DATA: &str = include_str!("../data/airports.csv");

/// One airport.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Airport {
    /// IATA code.
    pub iata: Iata,
    /// ICAO code.
    #[schema(example = "LFPG")]
    pub icao: String,
    /// Name, with the diacritics of its language.
    #[schema(example = "Charles de Gaulle International Airport")]
    pub name: String,
    /// City that it serves, where one is known.
    #[schema(example = "Paris")]
    pub city: Option<String>,
    /// State, region or province, where one is known.
    #[serde(alias = "subd")]
    #[schema(example = "Ile-de-France")]
    pub subdivision: Option<String>,
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: Country,
    /// Height above mean sea level in feet, the unit of aviation.
    #[schema(example = 392.0)]
    pub elevation: f64,
    /// Degrees north of the equator.
    #[schema(value_type = f64, minimum = -90, maximum = 90, example = 49.0128)]
    pub lat: Latitude,
    /// Degrees east of Greenwich.
    #[schema(value_type = f64, minimum = -180, maximum = 180, example = 2.55)]
    pub lon: Longitude,
    /// Time zone by its name in the IANA database.
    #[schema(example = "Europe/Paris")]
    pub tz: String,
}

impl Airport {
    /// Where it is.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { lat: self.lat, lon: self.lon }
    }

    /// What a search looks through, one field a line, in lower case.
    fn search_text(&self) -> String {
        let city = self.city.as_deref().unwrap_or_default();
        format!("{}\n{}\n{}\n{city}", self.iata, self.icao, self.name).to_lowercase()
    }
}

/// A row of the data file that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("airports.csv, line {line}: {reason}")]
pub struct DataError {
    /// The line in the file, the header being line 1.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
}

/// All airports, in the order of the file, which is that of their IATA codes.
///
/// A clone shares the airports.
#[derive(Clone, Default)]
pub struct Airports {
    all: Vec<Arc<Entry>>,
    by_iata: HashMap<Iata, usize>,
}

/// An airport, and what a search of it looks through.
struct Entry {
    airport: Airport,
    search_text: String,
}

impl Entry {
    fn new(airport: Airport) -> Arc<Self> {
        Arc::new(Self { search_text: airport.search_text(), airport })
    }
}

impl Airports {
    /// Reads the file that is compiled into the program.
    pub fn embedded() -> Result<Self, DataError> {
        Self::from_csv(DATA)
    }

    /// Reads airports from CSV with a header, or names the first line that is wrong.
    pub fn from_csv(text: &str) -> Result<Self, DataError> {
        // By default the reader takes the second half of `\r\n` for the begin of the next row, whose line is then one
        // too low. So `\n` alone ends a row here, and what `\r` remains is trimmed.
        let mut reader = ReaderBuilder::new()
            .terminator(Terminator::Any(b'\n'))
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| explain(&error, None))?.clone();
        let mut airports = Self::default();
        for record in reader.records() {
            let record = record.map_err(|error| explain(&error, None))?;
            let airport =
                record.deserialize(Some(&header)).map_err(|error| explain(&error, Some(&header)))?;
            airports.insert(airport).map_err(|reason| DataError { line: line_of(&record), reason })?;
        }
        Ok(airports)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The airport of that code.
    #[must_use]
    pub fn get(&self, iata: Iata) -> Option<&Airport> {
        self.by_iata.get(&iata).and_then(|&index| self.all.get(index)).map(|entry| &entry.airport)
    }

    /// The airports of that country, if one is given, with that text in their name, city or codes.
    ///
    /// Upper and lower case are alike; diacritics count, so `malaga` does not find Málaga. An empty text finds all.
    #[must_use]
    pub fn search(&self, country: Option<Country>, text: &str) -> Vec<&Airport> {
        let text = text.trim().to_lowercase();
        self.all
            .iter()
            .filter(|entry| country.is_none_or(|country| entry.airport.country == country))
            .filter(|entry| entry.search_text.lines().any(|line| line.contains(&text)))
            .map(|entry| &entry.airport)
            .collect()
    }

    /// The `count` airports nearest to a place with their distances in kilometres, the nearest first.
    #[must_use]
    pub fn nearest(&self, place: Position, count: usize) -> Vec<(&Airport, f64)> {
        let airports = self.all.iter().map(|entry| &entry.airport);
        let mut found: Vec<_> =
            airports.map(|airport| (airport, place.distance_km(airport.position()))).collect();
        // Moves the nearest to the front, so that only these are sorted and not thousands.
        if count < found.len() {
            found.select_nth_unstable_by(count, nearer);
            found.truncate(count);
        }
        found.sort_unstable_by(nearer);
        found
    }

    fn insert(&mut self, airport: Airport) -> Result<(), String> {
        if self.by_iata.insert(airport.iata, self.all.len()).is_some() {
            return Err(format!("iata: {} was there before", airport.iata));
        }
        self.all.push(Entry::new(airport));
        Ok(())
    }

    /// Puts an airport in the place of the one that has its code, if there is one.
    pub(crate) fn replace(&mut self, airport: Airport) {
        if let Some(entry) = self.by_iata.get(&airport.iata).and_then(|&index| self.all.get_mut(index)) {
            *entry = Entry::new(airport);
        }
    }
}

/// The number only, so that a state that holds the airports can be logged.
impl fmt::Debug for Airports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Airports").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// By distance, and by code where two are equally far, so that equal requests get equal answers.
fn nearer(one: &(&Airport, f64), other: &(&Airport, f64)) -> Ordering {
    one.1.total_cmp(&other.1).then(one.0.iata.cmp(&other.0.iata))
}

fn explain(error: &csv::Error, header: Option<&StringRecord>) -> DataError {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = match error.kind() {
        ErrorKind::Deserialize { err, .. } => {
            let column = err.field().and_then(|field| header?.get(usize::try_from(field).ok()?));
            column.map_or_else(|| err.kind().to_string(), |column| format!("{column}: {}", err.kind()))
        }
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} columns instead of {expected_len}")
        }
        _ => error.to_string(),
    };
    DataError { line, reason }
}

fn line_of(record: &StringRecord) -> u64 {
    record.position().map_or(1, csv::Position::line)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    const HEADER: &str = "iata,icao,name,city,subd,country,elevation,lat,lon,tz\r\n";
    const PARIS: &str = "CDG,LFPG,Charles de Gaulle,Paris,,FR,392,49.0128,2.55,Europe/Paris\r\n";

    fn all() -> &'static Airports {
        static ALL: LazyLock<Airports> = LazyLock::new(|| Airports::embedded().unwrap());
        &ALL
    }

    fn iata(text: &str) -> Iata {
        text.parse().unwrap()
    }

    fn country(text: &str) -> Country {
        text.parse().unwrap()
    }

    fn codes(found: &[&Airport]) -> Vec<String> {
        found.iter().map(|airport| airport.iata.to_string()).collect()
    }

    fn nearest(lat: f64, lon: f64, count: usize) -> Vec<(String, f64)> {
        let place = Position { lat: lat.try_into().unwrap(), lon: lon.try_into().unwrap() };
        all().nearest(place, count).into_iter().map(|(airport, km)| (airport.iata.to_string(), km)).collect()
    }

    #[track_caller]
    fn assert_rejected(rows: &str, line: u64, reason: &str) {
        let error = Airports::from_csv(&format!("{HEADER}{rows}")).unwrap_err();
        assert_eq!((error.line, error.reason.as_str()), (line, reason));
    }

    #[test]
    fn all_rows_load() {
        let airports = all();
        assert_eq!(airports.len(), 7884);
        assert!(airports.all.is_sorted_by_key(|entry| entry.airport.iata));
        assert!(airports.all.iter().all(|entry| entry.airport.elevation.is_finite()));
    }

    #[test]
    fn a_row_is_read_column_by_column() {
        let airports = all();
        let paris = airports.get(iata("cdg")).unwrap();
        assert_eq!(
            (paris.icao.as_str(), paris.name.as_str()),
            ("LFPG", "Charles de Gaulle International Airport")
        );
        assert_eq!(
            (paris.city.as_deref(), paris.subdivision.as_deref()),
            (Some("Paris"), Some("Ile-de-France"))
        );
        assert_eq!((paris.country.as_str(), paris.tz.as_str()), ("FR", "Europe/Paris"));
        assert_eq!(airports.get(iata("AAA")).unwrap().city, None);
        assert_eq!(airports.get(iata("QQQ")), None);
    }

    #[test]
    fn known_distances() {
        let airports = all();
        // Great-circle distances as published for these pairs, within the 0.5 % of a sphere.
        for (from, to, published) in
            [("CDG", "JFK", 5833.0), ("LHR", "SYD", 17_020.0), ("HND", "SFO", 8285.0), ("AKL", "SCL", 9663.0)]
        {
            let [from, to] = [from, to].map(|code| airports.get(iata(code)).unwrap().position());
            let km = from.distance_km(to);
            assert!((km / published - 1.0).abs() < 0.005, "{km} is not {published}");
        }
    }

    #[test]
    fn search_looks_at_names_cities_and_both_codes() {
        let airports = all();
        assert!(codes(&airports.search(None, "charles de gaulle")).contains(&"CDG".to_owned()));
        assert!(codes(&airports.search(None, "  PARIS ")).contains(&"ORY".to_owned()));
        assert_eq!(codes(&airports.search(None, "lfpg")), ["CDG"]);
        assert!(codes(&airports.search(None, "jfk")).contains(&"JFK".to_owned()));
        assert!(codes(&airports.search(None, "ÅLESUND")).contains(&"AES".to_owned()));
        assert!(airports.search(None, "no such place").is_empty());
    }

    #[test]
    fn a_search_does_not_reach_from_one_field_into_the_next() {
        assert!(all().search(None, "cdg\nlfpg").is_empty());
    }

    #[test]
    fn search_by_country() {
        let airports = all();
        let french = airports.search(Some(country("fr")), "");
        assert!(french.len() > 50 && french.iter().all(|airport| airport.country.as_str() == "FR"));
        assert!(codes(&airports.search(Some(country("US")), "paris")).iter().all(|code| code != "CDG"));
        assert!(
            airports.search(Some(country("AD")), "").is_empty(),
            "Andorra is a country and has no airport"
        );
        assert_eq!(airports.search(None, "").len(), airports.len());
    }

    #[test]
    fn nearest_is_sorted_and_starts_at_the_place_itself() {
        let found = nearest(49.0128, 2.55, 5);
        assert_eq!(found.len(), 5);
        assert_eq!(found[0].0, "CDG");
        assert!(found[0].1 < 0.001);
        assert!(found.is_sorted_by(|one, other| one.1 <= other.1));
    }

    #[test]
    fn nearest_agrees_with_sorting_everything() {
        let everything = nearest(-12.3, 45.6, 7884);
        assert_eq!(nearest(-12.3, 45.6, 100), everything[..100]);
        assert_eq!(nearest(-12.3, 45.6, 10_000), everything);
        assert!(nearest(0.0, 0.0, 0).is_empty());
    }

    #[test]
    fn nearest_crosses_the_antimeridian_and_the_poles() {
        let codes = |lat, lon| nearest(lat, lon, 3).into_iter().map(|(iata, _)| iata).collect::<Vec<_>>();
        // Taveuni, Fiji, lies on both sides of the antimeridian: both searches see the same airports.
        assert_eq!(codes(-16.8, 180.0), ["TVU", "LUC", "SVU"]);
        assert_eq!(codes(-16.8, -180.0), ["TVU", "LUC", "SVU"]);
        assert_eq!(codes(90.0, 0.0), codes(90.0, 135.0));
        assert_eq!(codes(-90.0, 0.0), codes(-90.0, -77.0));
    }

    #[test]
    fn an_airport_that_was_replaced_is_found_by_what_it_is_now() {
        let mut airports = all().clone();
        let paris = airports.get(iata("CDG")).unwrap().clone();
        let (lat, lon) = ((-89.9).try_into().unwrap(), 0.0.try_into().unwrap());
        airports.replace(Airport { name: "Pinguinville".to_owned(), lat, lon, ..paris });
        assert_eq!(codes(&airports.search(None, "pinguin")), ["CDG"]);
        assert!(!codes(&airports.search(None, "charles de gaulle")).contains(&"CDG".to_owned()));
        assert_eq!(airports.nearest(Position { lat, lon }, 1)[0].0.iata, iata("CDG"));
        assert_eq!(airports.len(), all().len());
        assert!(all().search(None, "pinguin").is_empty(), "a clone is changed by itself");
    }

    #[test]
    fn a_bad_row_is_named_by_its_line() {
        assert_rejected(
            &format!("{PARIS}ORY,LFPO,Orly,Paris,,FR,291,91,2.36,Europe/Paris\r\n"),
            3,
            "must be a number from -90 to 90, not 91",
        );
        assert_rejected(
            "C1G,LFPG,x,,,FR,1,1,1,x\n",
            2,
            "`C1G` is not an IATA code: three letters from A to Z, such as CDG",
        );
        assert_rejected("CDG,LFPG,x,,,FR,high,1,1,x\n", 2, "elevation: invalid float literal");
        assert_rejected("CDG,LFPG,x,,,FR,1,1,x\n", 2, "9 columns instead of 10");
        assert_rejected(&format!("{PARIS}{PARIS}"), 3, "iata: CDG was there before");
    }

    #[test]
    fn a_line_break_in_quotes_does_not_confuse_the_count() {
        assert_rejected(
            "AAA,NTGA,\"two\nlines\",,,PF,1,1,1,x\nBBB,NTGB,x,,,PF,1,x,1,x\n",
            4,
            "lat: invalid float literal",
        );
    }

    #[test]
    fn a_missing_column_is_an_error_and_no_rows_are_none() {
        let error = Airports::from_csv("iata,icao\nCDG,LFPG\n").unwrap_err();
        assert_eq!(error.to_string(), "airports.csv, line 2: missing field `name`");
        assert!(Airports::from_csv(HEADER).unwrap().is_empty());
    }

    #[test]
    fn the_state_is_short_in_a_log() {
        assert_eq!(format!("{:?}", all()), "Airports { len: 7884, .. }");
    }
}
