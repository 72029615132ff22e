//! What clients do in good faith, so that whatever series there may be are there before those in bad faith come.

use std::io;
use std::net::SocketAddr;

use super::examples::ADMIN_TOKEN;
use super::wire::Connection;
use crate::failure::{Failure, Outcome};

const METHODS: &[&str] =
    &["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "QUERY", "INVENTED"];

/// One of each route, and one of none.
const ROUTES: &[&str] = &[
    "/",
    "/airports",
    "/airports/CDG",
    "/airports/CDG/weather",
    "/airports/CDG/briefing",
    "/airports/nearest",
    "/distance/CDG/JFK",
    "/me",
    "/health",
    "/metrics",
    "/admin/inventory",
    "/admin/cache",
    "/admin/breakers",
    "/openapi.json",
    "/openapi/v1.json",
    "/openapi/v2.json",
    "/v1/airports/CDG",
    "/v9/airports/CDG",
    "/docs",
    "/docs/",
    "/docs/index.css",
    "/nothing",
];

/// By GET and HEAD: found, not found, and not understood.
const READS: &[&str] = &[
    "/airports/CDG",
    "/airports/QQQ",
    "/airports/C1G",
    "/airports/CDG/weather",
    "/airports/QQQ/weather",
    "/airports/C1G/weather",
    "/airports/CDG/briefing",
    "/airports/QQQ/briefing",
    "/airports/C1G/briefing",
    "/airports?limit=1",
    "/airports?limit=0",
    "/airports/nearest?lat=0&lon=0&k=1",
    "/airports/nearest?lat=91&lon=0",
    "/distance/CDG/JFK",
    "/distance/CDG/QQQ",
    "/distance/CDG/C1G",
    "/docs/none",
];

const EDITOR: &str = "x-api-key: demo-editor\r\n";
const READER: &str = "x-api-key: demo-reader\r\n";
const JSON: &str = "content-type: application/json\r\n";

/// A change and all that can be wrong with it: target, key, type, body.
const CHANGES: &[(&str, &str, &str, &str)] = &[
    ("/airports/CDG", EDITOR, JSON, r#"{"city":"Roissy-en-France"}"#),
    ("/airports/CDG", EDITOR, JSON, "{"),
    ("/airports/CDG", EDITOR, JSON, r#"{"iata":"XXX"}"#),
    ("/airports/CDG", EDITOR, "content-type: text/plain\r\n", "{}"),
    ("/airports/QQQ", EDITOR, JSON, "{}"),
    ("/airports/C1G", EDITOR, JSON, "{}"),
    ("/airports/CDG", READER, JSON, "{}"),
    ("/airports/CDG", "x-api-key: nobody\r\n", JSON, "{}"),
    ("/airports/CDG", "", JSON, "{}"),
];

/// Whoever asks for these often enough is refused.
const LIMITED: &[&str] = &[
    "GET /airports?limit=1",
    "HEAD /airports?limit=1",
    "GET /airports/nearest?lat=0&lon=0&k=1",
    "HEAD /airports/nearest?lat=0&lon=0&k=1",
    "GET /airports/CDG",
    "HEAD /airports/CDG",
    "GET /airports/CDG/weather",
    "HEAD /airports/CDG/weather",
    "GET /airports/CDG/briefing",
    "HEAD /airports/CDG/briefing",
    "PATCH /airports/CDG",
    "GET /me",
    "HEAD /me",
];
/// More than any burst of the service.
const OFTEN: usize = 250;

pub(super) fn run(address: SocketAddr) -> Outcome {
    let tour = Tour { address };
    tour.all().map_err(|error| Failure::broken(format!("a usual request: {error}")))
}

struct Tour {
    address: SocketAddr,
}

impl Tour {
    /// What budgets are for comes first, and uses them up last.
    fn all(&self) -> io::Result<()> {
        for path in READS {
            self.ask(&format!("GET {path}"), "", "")?;
            self.ask(&format!("HEAD {path}"), "", "")?;
        }
        self.change()?;
        for route in ROUTES {
            METHODS.iter().try_for_each(|method| self.ask(&format!("{method} {route}"), "", "").map(drop))?;
        }
        self.identify()?;
        LIMITED.iter().try_for_each(|request| self.exhaust(request))
    }

    fn change(&self) -> io::Result<()> {
        for (target, key, media, body) in CHANGES {
            self.ask(&format!("PATCH {target}"), &format!("{key}{media}"), body)?;
        }
        // Too long, and refused before all of it is read: then the answer may get lost.
        self.go_away(&format!("{EDITOR}{JSON}content-length: 20000\r\n"), &"x".repeat(20_000))?;
        self.go_away(&format!("{EDITOR}{JSON}content-length: 100\r\n"), "{\"name\"")?;
        self.go_away(&format!("{EDITOR}{JSON}transfer-encoding: chunked\r\n"), "5\r\n{\"n")
    }

    /// In the middle of a body, or at its end.
    fn go_away(&self, fields: &str, body: &str) -> io::Result<()> {
        let mut connection = Connection::open(self.address)?;
        let head = format!("PATCH /airports/CDG HTTP/1.1\r\nhost: airports\r\n{fields}\r\n");
        connection.send(format!("{head}{body}").as_bytes())?;
        connection.overhear().map(drop)
    }

    fn identify(&self) -> io::Result<()> {
        let (right, wrong) =
            (format!("authorization: Bearer {ADMIN_TOKEN}\r\n"), "authorization: Bearer wrong\r\n");
        for (path, fields) in [
            ("/me", EDITOR),
            ("/me", READER),
            ("/me", "x-api-key: nobody\r\n"),
            ("/admin/inventory", &right),
            ("/admin/inventory", wrong),
            ("/admin/cache", &right),
            ("/admin/cache", wrong),
            ("/admin/breakers", &right),
            ("/admin/breakers", wrong),
        ] {
            self.ask(&format!("GET {path}"), fields, "")?;
            self.ask(&format!("HEAD {path}"), fields, "")?;
        }
        Ok(())
    }

    /// Until it is refused; or never, where there are no limits.
    fn exhaust(&self, request: &str) -> io::Result<()> {
        for _ in 0..OFTEN {
            if self.ask(request, EDITOR, "")?.is_none_or(|status| status == 429) {
                break;
            }
        }
        Ok(())
    }

    /// Gives the status of what is limited.
    fn ask(&self, request: &str, fields: &str, body: &str) -> io::Result<Option<u16>> {
        let length = body.len();
        let head =
            format!("{request} HTTP/1.1\r\nhost: airports\r\nconnection: close\r\ncontent-length: {length}");
        let bytes = format!("{head}\r\n{fields}\r\n{body}");
        let answer = Connection::open(self.address)?.ask(bytes.as_bytes(), request.starts_with("HEAD "))?;
        let answer = answer.ok_or_else(|| io::Error::other(format!("{request} got no answer")))?;
        Ok(answer.field("ratelimit").is_some().then_some(answer.status))
    }
}
