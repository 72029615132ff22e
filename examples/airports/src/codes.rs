//! The two codes of the service: IATA airport codes and ISO 3166 country codes.
//!
//! Both are validated once, where they enter (a path, a query, the data file), so no other code checks them again.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;
use utoipa::ToSchema;

/// The codes that ISO 3166-1 assigns, and `XK`, which it leaves to users and which everybody uses for Kosovo.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO \
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE \
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// A text that is no code.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CodeError {
    /// Not three ASCII letters.
    #[error("`{0}` is not an IATA code: three letters from A to Z, such as CDG")]
    Iata(String),
    /// Not two ASCII letters, or two that name no country.
    #[error("`{0}` is not an ISO 3166-1 alpha-2 country code: two letters, such as FR")]
    Country(String),
}

/// An airport's IATA code: three letters, read in either case, kept and written in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Za-z]{3}$", example = "CDG")]
pub struct Iata([u8; 3]);

impl Iata {
    /// The code in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        as_text(&self.0)
    }
}

impl FromStr for Iata {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        upper_case_letters(text).map(Self).ok_or_else(|| CodeError::Iata(text.to_owned()))
    }
}

/// As it comes out of a database.
impl TryFrom<String> for Iata {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl fmt::Display for Iata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Iata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Parsed(PhantomData))
    }
}

impl Serialize for Iata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A country's ISO 3166-1 alpha-2 code: two letters, read in either case, kept and written in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[A-Za-z]{2}$", example = "FR")]
pub struct Country([u8; 2]);

impl Country {
    /// The code in upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        as_text(&self.0)
    }
}

impl FromStr for Country {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let country = upper_case_letters(text).map(Self).filter(|country| is_assigned(*country));
        country.ok_or_else(|| CodeError::Country(text.to_owned()))
    }
}

/// As it comes out of a database.
impl TryFrom<String> for Country {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Parsed(PhantomData))
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Parses within `visit_str`: what fails only after it, as `#[serde(try_from = "String")]` does, is reported by axum's
/// `Path` without the name of the parameter.
struct Parsed<T>(PhantomData<T>);

impl<T: FromStr<Err = CodeError>> Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a code")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

fn is_assigned(country: Country) -> bool {
    COUNTRIES.split(' ').any(|assigned| assigned == country.as_str())
}

/// The `N` letters of `text` in upper case, or nothing if it is anything but `N` ASCII letters.
fn upper_case_letters<const N: usize>(text: &str) -> Option<[u8; N]> {
    let letters: [u8; N] = text.as_bytes().try_into().ok()?;
    letters.iter().all(u8::is_ascii_alphabetic).then(|| letters.map(|letter| letter.to_ascii_uppercase()))
}

/// Never empty in fact: `letters` comes from [`upper_case_letters`], and ASCII is UTF-8.
fn as_text(letters: &[u8]) -> &str {
    str::from_utf8(letters).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iata_codes_are_read_in_either_case_and_kept_in_upper_case() {
        for text in ["CDG", "cdg", "cDg"] {
            assert_eq!(text.parse::<Iata>().unwrap().to_string(), "CDG");
        }
    }

    #[test]
    fn what_is_no_iata_code_is_named_in_the_error() {
        // "éa" is three bytes, and the last three are letters of other alphabets.
        for text in ["", "CD", "CDGX", "C1G", "C G", "éa", "ÅÄÖ", "ＣＤＧ", "С\u{414}Г"] {
            let error = text.parse::<Iata>().unwrap_err();
            assert!(error.to_string().contains(&format!("`{text}`")), "{error}");
        }
    }

    #[test]
    fn country_codes_are_those_of_the_standard() {
        assert_eq!(COUNTRIES.split(' ').count(), 250);
        assert_eq!("fr".parse::<Country>().unwrap().to_string(), "FR");
        for text in ["", "F", "FRA", "F1", "ZZ", "UK", "é", " F"] {
            assert_eq!(text.parse::<Country>(), Err(CodeError::Country(text.to_owned())));
        }
    }

    #[test]
    fn codes_survive_json() {
        let iata: Iata = serde_json::from_str("\"jfk\"").unwrap();
        assert_eq!(serde_json::to_string(&iata).unwrap(), "\"JFK\"");
        let country: Country = serde_json::from_str("\"us\"").unwrap();
        assert_eq!(serde_json::to_string(&country).unwrap(), "\"US\"");
    }
}
