//! A service whose resolver counts how often it is asked, and requests of everybody whom it knows.

use std::future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::routing::MethodRouter;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Request};
use tollgate::{Principal, PrincipalResolver, Refusal, Tollgate, TollgateBuilder};
use tollgate_tests::{Answer, Service};

/// What must never be seen by a client.
pub(crate) const REASON: &str = "the reason of a refusal";

/// Knows whoever the field `x-user` names, and counts how often it is asked.
///
/// | who | what |
/// | --- | --- |
/// | ada | reader and editor, may read and write |
/// | bob | reader, may read |
/// | any other | neither role nor scope; behind an `@` its tenant |
/// | wrong, away | credentials that are not valid, or that cannot be checked |
/// | slow, broken | never answers, panics |
#[derive(Clone, Debug, Default)]
pub(crate) struct Users {
    asked: Arc<AtomicUsize>,
}

impl Users {
    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl PrincipalResolver for Users {
    async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let Some(name) = parts.headers.get("x-user") else { return Ok(None) };
        Ok(Some(match name.to_str().unwrap() {
            "ada" => {
                Principal::new("ada").with_roles(["reader", "editor"]).with_scopes(["air:read", "air:write"])
            }
            "bob" => Principal::new("bob").with_role("reader").with_scope("air:read"),
            "wrong" => return Err(Refusal::invalid(REASON)),
            "away" => return Err(Refusal::unavailable(REASON)),
            "slow" => future::pending().await,
            "broken" => panic!("{REASON}"),
            name => match name.split_once('@') {
                Some((subject, tenant)) => Principal::new(subject).with_tenant(tenant),
                None => Principal::new(name),
            },
        }))
    }
}

/// A service with one handler, at `/`, that asks these users.
pub(crate) fn service(handler: MethodRouter) -> (Service, Users) {
    with(Tollgate::builder(), handler)
}

/// The same with other settings.
pub(crate) fn with(settings: TollgateBuilder, handler: MethodRouter) -> (Service, Users) {
    let users = Users::default();
    (Service::with(settings.principal(users.clone()), Router::new().route("/", handler)), users)
}

/// A `GET` of `/` without credentials.
pub(crate) fn nobody() -> Request<Body> {
    tollgate_tests::get("/")
}

/// A `GET` of `/` by somebody.
pub(crate) fn user(name: &str) -> Request<Body> {
    and(nobody(), "x-user", name)
}

/// The same request with a header field more, or a line more of the same field.
pub(crate) fn and(mut request: Request<Body>, name: &str, value: impl AsRef<[u8]>) -> Request<Body> {
    let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
    request.headers_mut().append(name, HeaderValue::from_bytes(value.as_ref()).unwrap());
    request
}

/// Asks as each of them, `-` without credentials, and gives the statuses.
pub(crate) async fn statuses(service: &Service, names: &str) -> String {
    let mut statuses = Vec::new();
    for name in names.split(' ') {
        let request = if name == "-" { nobody() } else { user(name) };
        statuses.push(service.send(request).await.status.as_u16().to_string());
    }
    statuses.join(" ")
}

/// Everything that a client can read of an answer.
pub(crate) fn all_of(answer: &Answer) -> Vec<u8> {
    let fields = answer.headers.iter().flat_map(|(name, value)| [name.as_str().as_bytes(), value.as_bytes()]);
    fields.chain([answer.body.as_bytes()]).collect::<Vec<_>>().join(&b'\n')
}

/// Begins to answer a request, and drops it before there is an answer.
pub(crate) async fn abandon(service: &Service, request: Request<Body>) {
    tokio::select! {
        biased;
        answer = service.send(request) => panic!("answered: {answer:?}"),
        () = future::ready(()) => {}
    }
}
