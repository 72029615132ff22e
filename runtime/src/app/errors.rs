//! The errors of a service: their style, and the pages that explain them.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

use super::Tollgate;
use super::config_error::Fault;
use crate::errors::Catalogue;
use crate::http::{ErrorStyle, Occurrence, Problem, complete, path_of};

/// Whether an `ErrorLayer` was put around anything.
static HAS_LAYER: AtomicBool = AtomicBool::new(false);

impl Tollgate {
    /// All problems that the program can answer with; its text is Markdown.
    ///
    /// ```
    /// use tollgate::Tollgate;
    ///
    /// let tollgate = Tollgate::builder().build()?;
    /// assert!(tollgate.catalogue().to_string().contains("invalid_body"));
    /// # Ok::<_, tollgate::ConfigError>(())
    /// ```
    #[must_use]
    pub fn catalogue(&self) -> Catalogue {
        Catalogue::of(self.error_style())
    }

    /// The routes that the `type` of a problem leads to: all problems at `/problems`, each at `/problems/<code>`, as Markdown. Where they
    /// are is a [setting](crate::TollgateBuilder::problem_types): they stand at the path of it, whatever the
    /// [base URL](crate::TollgateBuilder::base_url) is.
    ///
    /// ```
    /// use axum::Router;
    /// use tollgate::Tollgate;
    ///
    /// let tollgate = Tollgate::builder().build()?;
    /// let app: Router = Router::new().merge(tollgate.problem_routes());
    /// # Ok::<_, tollgate::ConfigError>(())
    /// ```
    pub fn problem_routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let path = self.error_style().routes().to_owned();
        let (all, one) = (self.catalogue(), self.catalogue());
        let all = move || std::future::ready(markdown(all.to_string()));
        let one = move |Path(code): Path<String>| std::future::ready(page(&one, &code));
        Router::new().route(&path, get(all)).route(&format!("{path}/{{code}}"), get(one))
    }

    /// Writes an error in the style of the service, where the request is not known any more. An [`ErrorLayer`](crate::ErrorLayer)
    /// outside completes it.
    #[cold]
    pub(crate) fn restyle(&self, answer: &mut Response) {
        let style = self.error_style();
        if style.shape().is_some() {
            warn_of_missing_layer();
        }
        if !style.is_default() {
            complete(answer, style, &Occurrence::at(self.clock().wall()));
        }
    }

    /// How errors are written.
    pub(crate) fn error_style(&self) -> &ErrorStyle {
        &self.inner.error_style
    }
}

/// An `ErrorLayer` was put around something.
pub(crate) fn note_error_layer() {
    HAS_LAYER.store(true, Ordering::Relaxed);
}

/// Gates write their errors in the shape of the service. What no gate sees is axum's, unless there is a layer.
fn warn_of_missing_layer() {
    static WARNED: Once = Once::new();
    if !HAS_LAYER.load(Ordering::Relaxed) {
        WARNED.call_once(|| {
            tracing::warn!(
                "errors of this service have a shape, and no `ErrorLayer` completes them: 404, 405, panics and handlers \
                 without attributes answer otherwise: add `.layer(ErrorLayer::new())` to the outermost router"
            );
        });
    }
}

fn page(catalogue: &Catalogue, code: &str) -> Response {
    match catalogue.get(code) {
        Some(entry) => markdown(entry.to_string()),
        None => {
            Problem::new(StatusCode::NOT_FOUND).detail("there is no problem with this code").into_response()
        }
    }
}

fn markdown(text: String) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("text/markdown; charset=utf-8"))], text).into_response()
}

/// Where problems are explained, as it was written: a path, or an absolute URI with one.
pub(super) fn explained_at(written: &str) -> Result<String, Fault> {
    let fault = || Fault::NoProblemTypes(written.to_owned());
    let types = written.strip_suffix('/').unwrap_or(written);
    let path = path_of(types);
    let is_absolute = types.starts_with("http://") || types.starts_with("https://") || types.starts_with('/');
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte);
    let is_path = path.len() > 1 && !path.contains("//") && path.bytes().all(is_plain);
    let has_host = types.starts_with('/') || !types.contains(":///");
    let is_uri = types.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte));
    (is_absolute && is_path && has_host && is_uri).then(|| types.to_owned()).ok_or_else(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_explained_at_a_path_or_an_absolute_uri() {
        for (written, types) in [
            ("/problems", "/problems"),
            ("/v1/errors/", "/v1/errors"),
            ("https://docs.example.com/errors", "https://docs.example.com/errors"),
        ] {
            assert_eq!(explained_at(written).unwrap(), types);
        }
        for written in [
            "",
            "/",
            "//host/path",
            "problems",
            "ftp://a/b",
            "https://a",
            "https:///b",
            "/a b",
            "/{code}",
            "/a?b",
        ] {
            assert!(explained_at(written).is_err(), "{written}");
        }
    }
}
