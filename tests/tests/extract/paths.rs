//! `Path`: which parameter is wrong, and mistakes of the service.

use std::collections::HashMap;

use axum::Router;
use axum::handler::Handler;
use axum::routing::get;
use serde::Deserialize;
use tollgate::extract::Path;
use tollgate_tests::{Answer, events, send};

use crate::support::{error, read, told};

#[derive(Debug, Deserialize)]
struct Seat {
    flight: u32,
    row: u8,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Iata(String);

impl TryFrom<String> for Iata {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.len() == 3 { Ok(Self(text)) } else { Err("an IATA code has three letters") }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Small,
}

async fn asked<H, T>(route: &str, handler: H, path: &str) -> Answer
where
    H: Handler<T, ()>,
    T: 'static,
{
    send(&Router::new().route(route, get(handler)), tollgate_tests::get(path)).await
}

async fn number(Path(number): Path<u32>) -> String {
    number.to_string()
}

async fn pair(Path((flight, row)): Path<(u32, u8)>) -> String {
    format!("{flight} {row}")
}

async fn seat(Path(seat): Path<Seat>) -> String {
    format!("{} {}", seat.flight, seat.row)
}

async fn iata(Path(Iata(iata)): Path<Iata>) -> String {
    iata
}

async fn kind(Path(kind): Path<Kind>) -> String {
    format!("{kind:?}")
}

const SEATS: &str = "/flights/{flight}/rows/{row}";

#[tokio::test]
async fn parameters_are_read() {
    assert_eq!(read(&asked("/{number}", number, "/42").await), "42");
    assert_eq!(read(&asked(SEATS, pair, "/flights/42/rows/7").await), "42 7");
    assert_eq!(read(&asked(SEATS, seat, "/flights/42/rows/7").await), "42 7");
}

#[tokio::test]
async fn a_parameter_that_is_wrong_is_named() {
    let number = asked("/{number}", number, "/x").await;
    assert_eq!(error(&number), "#/number type: must be a whole number from 0 to 4294967295");
    assert_eq!(
        told(&number),
        "400 invalid_path: the parameter `number` must be a whole number from 0 to 4294967295"
    );
    for answer in
        [asked(SEATS, pair, "/flights/1/rows/300").await, asked(SEATS, seat, "/flights/1/rows/300").await]
    {
        assert_eq!(error(&answer), "#/row range: must be a whole number from 0 to 255");
    }
    let answer = asked("/{iata}", iata, "/LONDON").await;
    assert_eq!(error(&answer), "#/iata invalid: is not valid: an IATA code has three letters");
    assert_eq!(error(&asked("/{kind}", kind, "/big").await), "#/kind choice: must be `small`");
    assert_eq!(
        error(&asked("/{iata}", iata, "/%ff").await),
        "#/iata encoding: is not UTF-8 once it is decoded"
    );
}

#[tokio::test]
async fn what_the_route_does_not_have_is_a_mistake_of_the_service() {
    async fn map(Path(_): Path<HashMap<String, Vec<u8>>>) {}
    for answer in [
        asked("/{a}/{b}", number, "/1/2").await,
        asked("/{a}", pair, "/1").await,
        asked("/{a}/{b}", seat, "/1/2").await,
        asked("/", number, "/").await,
        asked("/{a}", map, "/1").await,
    ] {
        assert_eq!(told(&answer), "500 -: something went wrong in the service");
        assert_eq!(answer.json()["title"], "Internal Server Error");
    }
    events::listen();
    asked("/{a}", seat, "/1").await;
    let heard = events::heard();
    let [event] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!(
        event,
        "ERROR tollgate::extract: message=a handler asks for path parameters that its route does not have \
         reason=missing field `flight`"
    );
}

#[tokio::test]
async fn an_optional_parameter_is_none_where_the_route_has_none() {
    async fn handler(number: Option<Path<u32>>) -> String {
        format!("{:?}", number.map(|Path(number)| number))
    }
    assert_eq!(read(&asked("/", handler, "/").await), "None");
    assert_eq!(read(&asked("/{number}", handler, "/5").await), "Some(5)");
    assert!(told(&asked("/{number}", handler, "/x").await).starts_with("400"));
    assert!(told(&asked("/{a}/{b}", handler, "/1/2").await).starts_with("500"));
}
