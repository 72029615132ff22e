//! An airport, and the file of those that an empty database is filled with.

use std::collections::HashSet;

use csv::{ErrorKind, ReaderBuilder, StringRecord, Terminator, Trim};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use thiserror::Error;
use tollgate::Paginate;
use utoipa::ToSchema;

use crate::codes::{Country, Iata};
use crate::geo::{Latitude, Longitude, Position};

const DATA: &str = include_str!("../data/airports.csv");

/// One airport.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, FromRow, Paginate, ToSchema)]
#[paginate(key = iata, sort(name, city, country, elevation), filter(country), style = cursor)]
pub struct Airport {
    /// IATA code.
    #[paginate(text)]
    #[sqlx(try_from = "String")]
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
    #[paginate(text)]
    #[sqlx(try_from = "String")]
    pub country: Country,
    /// Height above mean sea level in feet, the unit of aviation.
    #[schema(example = 392.0)]
    pub elevation: f64,
    /// Degrees north of the equator.
    #[schema(value_type = f64, minimum = -90, maximum = 90, example = 49.0128)]
    #[sqlx(try_from = "f64")]
    pub lat: Latitude,
    /// Degrees east of Greenwich.
    #[schema(value_type = f64, minimum = -180, maximum = 180, example = 2.55)]
    #[sqlx(try_from = "f64")]
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
    pub(crate) fn search_text(&self) -> String {
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

/// Reads the file that is compiled into the program: all airports in the order of their IATA codes.
pub fn embedded() -> Result<Vec<Airport>, DataError> {
    from_csv(DATA)
}

/// Reads airports from CSV with a header, or names the first line that is wrong.
pub fn from_csv(text: &str) -> Result<Vec<Airport>, DataError> {
    // By default the reader takes the second half of `\r\n` for the begin of the next row, whose line is then one
    // too low. So `\n` alone ends a row here, and what `\r` remains is trimmed.
    let mut reader =
        ReaderBuilder::new().terminator(Terminator::Any(b'\n')).trim(Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| explain(&error, None))?.clone();
    let (mut airports, mut seen) = (Vec::new(), HashSet::new());
    for record in reader.records() {
        let record = record.map_err(|error| explain(&error, None))?;
        let airport: Airport =
            record.deserialize(Some(&header)).map_err(|error| explain(&error, Some(&header)))?;
        if !seen.insert(airport.iata) {
            return Err(seen_before(&record, &airport));
        }
        airports.push(airport);
    }
    Ok(airports)
}

fn seen_before(record: &StringRecord, airport: &Airport) -> DataError {
    let line = record.position().map_or(1, csv::Position::line);
    DataError { line, reason: format!("iata: {} was there before", airport.iata) }
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

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "iata,icao,name,city,subd,country,elevation,lat,lon,tz\r\n";
    const PARIS: &str = "CDG,LFPG,Charles de Gaulle,Paris,,FR,392,49.0128,2.55,Europe/Paris\r\n";

    #[track_caller]
    fn assert_rejected(rows: &str, line: u64, reason: &str) {
        let error = from_csv(&format!("{HEADER}{rows}")).unwrap_err();
        assert_eq!((error.line, error.reason.as_str()), (line, reason));
    }

    #[test]
    fn all_rows_load() {
        let airports = embedded().unwrap();
        assert_eq!(airports.len(), 7884);
        assert!(airports.is_sorted_by_key(|airport| airport.iata));
        assert!(airports.iter().all(|airport| airport.elevation.is_finite()));
    }

    #[test]
    fn a_row_is_read_column_by_column() {
        let airports = embedded().unwrap();
        let find = |code: &str| airports.iter().find(|airport| airport.iata.as_str() == code).unwrap();
        let paris = find("CDG");
        assert_eq!(
            (paris.icao.as_str(), paris.name.as_str()),
            ("LFPG", "Charles de Gaulle International Airport")
        );
        assert_eq!(
            (paris.city.as_deref(), paris.subdivision.as_deref()),
            (Some("Paris"), Some("Ile-de-France"))
        );
        assert_eq!((paris.country.as_str(), paris.tz.as_str()), ("FR", "Europe/Paris"));
        assert_eq!(find("AAA").city, None);
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
        let error = from_csv("iata,icao\nCDG,LFPG\n").unwrap_err();
        assert_eq!(error.to_string(), "airports.csv, line 2: missing field `name`");
        assert!(from_csv(HEADER).unwrap().is_empty());
    }
}
