//! What garde finds, as an answer.

use garde::Report;

use super::api_error::ApiError;
use crate::core::ErrorKind;
use crate::http::{Problem, garde_faults, kinds};

/// 422 `invalid_body`, with what is wrong with each field: `#[api_error(transparent)] Invalid(#[from] garde::Report)`.
///
/// The fields have the names of the struct's, or of `#[garde(rename = "..")]`. What an extractor reads is better validated by
/// [`Valid`](crate::extract::Valid), which knows how the client spelt them.
#[cfg_attr(docsrs, doc(cfg(feature = "garde")))]
impl ApiError for Report {
    fn problem(&self) -> Problem {
        let errors = garde_faults::field_errors(self);
        Problem::of_kind(&kinds::INVALID_BODY).detail(garde_faults::summary(self)).errors(errors)
    }

    fn kinds() -> Vec<&'static ErrorKind> {
        vec![&kinds::INVALID_BODY]
    }
}

#[cfg(test)]
mod tests {
    use garde::error::{Error, Path};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_is_a_422_that_points_to_the_fields() {
        let mut report = Report::new();
        report.append(Path::new("seats").join(3).join("a/b"), Error::new("lower than 1"));
        report.append(Path::empty(), Error::new("nothing is booked"));
        let problem = serde_json::to_value(report.problem()).unwrap();
        assert_eq!((&problem["status"], &problem["code"]), (&json!(422), &json!("invalid_body")));
        assert_eq!(problem["detail"], "2 values are not valid: see `errors`");
        assert_eq!(
            problem["errors"],
            json!([
                {"detail": "lower than 1", "pointer": "#/seats/3/a~1b", "code": "invalid"},
                {"detail": "nothing is booked", "pointer": "#", "code": "invalid"},
            ])
        );
        assert_eq!(Report::kinds(), [&kinds::INVALID_BODY]);
    }
}
