//! The gate as an extractor.

use std::fmt;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::Response;
use http::request::Parts;

use super::answer::Answer;
use super::convert::Lift;
use super::policies::Guarded;
use super::visit::Visit;

/// The one argument of an annotated handler: the policies of `P` in front of the arguments `A` that the user wrote.
///
/// It extracts what `A` extracts, from the head of the request or from all of it. The two implementations do not
/// overlap, for the reason that axum's own of tuples do not, so no marker shows in the handler's signature.
pub struct Gate<P: Guarded, A> {
    pub(super) visit: Visit<P>,
    pub(super) arguments: A,
}

impl<P: Guarded, A: fmt::Debug> fmt::Debug for Gate<P, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("arguments", &self.arguments).finish_non_exhaustive()
    }
}

/// Runs the policies of a visit, then the extractors, which take what they need from the head of the request.
///
/// No function, here and below: a future within a future is moved once more, and every request would pay for that.
macro_rules! from_head {
    ($visit:expr, $parts:expr, $state:expr) => {{
        let visit = $visit;
        let visit = if visit.has_to_wait() {
            Box::pin(visit.enter_waiting($parts)).await.map_err(|answer| *answer)?
        } else {
            visit.enter($parts).map_err(|answer| *answer)?
        };
        match A::from_request_parts($parts, $state).await {
            Ok(arguments) => Ok(Self { visit, arguments }),
            Err(rejection) => Err(visit.leave_with(rejection)),
        }
    }};
}

/// The same for extractors of which the last takes the body.
macro_rules! from_all {
    ($visit:expr, $parts:ident, $body:expr, $state:expr) => {{
        let visit = $visit;
        let mut visit = if visit.has_to_wait() {
            Box::pin(visit.enter_waiting(&mut $parts)).await.map_err(|answer| *answer)?
        } else {
            visit.enter(&$parts).map_err(|answer| *answer)?
        };
        visit.note_body(&$body);
        let mut request = Request::from_parts($parts, $body);
        if P::POLICIES.version().is_some()
            && let Some(lift) = request.extensions_mut().remove::<Lift>()
        {
            // In a box, so that nobody else has room for it.
            match Box::pin(lift.apply(request, $state)).await {
                Ok(lifted) => request = lifted,
                Err(answer) => return Err(visit.leave_with(answer)),
            }
        }
        match A::from_request(request, $state).await {
            Ok(arguments) => Ok(Self { visit, arguments }),
            Err(rejection) => Err(visit.leave_with(rejection)),
        }
    }};
}

#[diagnostic::do_not_recommend]
impl<S, P, A> FromRequestParts<S> for Gate<P, A>
where
    S: Send + Sync,
    P: Guarded,
    A: FromRequestParts<S> + Send,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        from_head!(Visit::<P>::begin(parts).choose(parts).map_err(|answer| *answer)?, parts, state)
    }
}

#[diagnostic::do_not_recommend]
impl<S, P, A> FromRequest<S> for Gate<P, A>
where
    S: Send + Sync,
    P: Guarded,
    A: FromRequest<S> + Send,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        from_all!(Visit::<P>::begin(&parts).choose(&mut parts).map_err(|answer| *answer)?, parts, body, state)
    }
}

/// Extracted from the head of a request.
#[derive(Debug)]
pub enum HeadOnly {}

/// Extracted from all of a request.
#[derive(Debug)]
pub enum WithBody {}

/// A gate that an item enters in the way `M`. The ways do not overlap, for the reason that axum's own do not.
pub trait Enter<S, M>: Sized {
    /// Runs its policies but `versioned`, which the item has run, and extracts its arguments.
    /// The head is left where it is, as far as that will do.
    fn enter(parts: &mut Parts, body: Body, state: &S)
    -> impl Future<Output = Result<Self, Response>> + Send;
}

impl<S, P, A> Enter<S, HeadOnly> for Gate<P, A>
where
    S: Send + Sync,
    P: Guarded,
    A: FromRequestParts<S> + Send,
{
    async fn enter(parts: &mut Parts, _: Body, state: &S) -> Result<Self, Response> {
        from_head!(Visit::begin(parts), parts, state)
    }
}

impl<S, P, A> Enter<S, WithBody> for Gate<P, A>
where
    S: Send + Sync,
    P: Guarded,
    A: FromRequest<S> + Send,
{
    async fn enter(parts: &mut Parts, body: Body, state: &S) -> Result<Self, Response> {
        let mut parts = std::mem::replace(parts, Request::new(()).into_parts().0);
        from_all!(Visit::begin(&parts), parts, body, state)
    }
}

/// The arguments of an annotated handler, past all of its policies: for a unit test that calls the handler as a
/// function.
///
/// Takes the arguments as a tuple: `()`, `(one,)`, `(one, two)`. The handler gives a `Response`, as axum sees it; nothing
/// is limited, counted or added to it.
///
/// ```
/// use axum::extract::Path;
///
/// #[tollgate::rate_limited("10/minute")]
/// async fn greet(Path(name): Path<String>) -> String {
///     format!("hello {name}")
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let response = greet(tollgate::open((Path("Ada".to_owned()),))).await;
/// assert_eq!(response.status(), 200);
/// # });
/// # Ok::<_, std::io::Error>(())
/// ```
pub const fn open<P: Guarded, A>(arguments: A) -> Gate<P, A> {
    Gate { visit: Visit::opened_by_hand(), arguments }
}

/// Runs the user's function behind the gate, with the policies that stand behind the extractors around it.
pub async fn run<P, A, F, R>(gate: Gate<P, A>, function: impl FnOnce(A) -> F) -> Response
where
    P: Guarded,
    F: Future<Output = R>,
    R: Answer,
{
    let Gate { visit, arguments } = gate;
    let mut response = function(arguments).await.into_answer();
    visit.leave(&mut response);
    response
}
