//! The judge is judged: a document with a mistake in it must not pass.

use super::document::{Answer, Document};
use super::schemathesis::{Effort, Schemathesis};
use super::tally::Tally;
use crate::{
    failure::{Failure, Outcome},
    json::Value,
};

/// A mistake, how it is made in the responses of an operation, and what schemathesis calls it.
type Mistake = (&'static str, fn(&mut Value, &str), &'static str);

const MISTAKES: &[Mistake] = &[
    ("a status that is not told", without_status, "UndefinedStatusCode"),
    ("another schema", with_other_schema, "JsonSchemaError"),
    ("another media type", with_other_media, "UndefinedContentType"),
    ("a header field that never comes", with_header, "MissingHeaders"),
];

/// Fails unless each mistake is found, made where most answers were seen.
pub(super) fn check(document: &Document, tally: &Tally, schemathesis: &Schemathesis<'_>) -> Outcome {
    let Some(place) = most_seen(document, tally) else {
        return Err(Failure::broken("no answer with a body was seen"));
    };
    let Answer { operation, status } = &place;
    for (mistake, make, name) in MISTAKES {
        let spoiled =
            spoil(document, &place, *make).ok_or_else(|| Failure::broken("no place for a mistake"))?;
        let report = schemathesis.run(&spoiled, "spoiled.json", Effort::FirstFailure)?;
        if !report.failures().contains(&(*name, operation.as_str())) {
            return Err(report.broken(&format!("overlooks {mistake} at {status} of {operation}")));
        }
    }
    println!("{} mistakes at {status} of {operation}: schemathesis finds each", MISTAKES.len());
    Ok(())
}

fn most_seen(document: &Document, tally: &Tally) -> Option<Answer> {
    let seen = |Answer { operation, status }: &Answer| tally.count(operation, status);
    document.answers_with_content().into_iter().max_by_key(seen).filter(|answer| seen(answer) > 0)
}

fn spoil(document: &Document, place: &Answer, make: fn(&mut Value, &str)) -> Option<Value> {
    let mut document = document.inlined(place)?;
    make(document.responses_mut(&place.operation)?, &place.status);
    Some(document.0)
}

fn without_status(responses: &mut Value, status: &str) {
    if let Value::Object(responses) = responses {
        responses.remove(status);
    }
}

fn with_other_schema(responses: &mut Value, status: &str) {
    each_media(responses, status, |_, media| {
        if let Value::Object(media) = media {
            media.insert("schema".to_owned(), object([("type", Value::Text("null".to_owned()))]));
        }
    });
}

fn with_other_media(responses: &mut Value, status: &str) {
    each_media(responses, status, |name, _| "application/x-never-sent".clone_into(name));
}

fn each_media(responses: &mut Value, status: &str, change: impl Fn(&mut String, &mut Value)) {
    let Some(Value::Object(content)) = responses.below_mut(&[status, "content"]) else { return };
    *content = std::mem::take(content)
        .into_iter()
        .map(|(mut name, mut media)| {
            change(&mut name, &mut media);
            (name, media)
        })
        .collect();
}

fn with_header(responses: &mut Value, status: &str) {
    let schema = object([("type", Value::Text("string".to_owned()))]);
    let header = object([("required", Value::Bool(true)), ("schema", schema)]);
    if let Some(Value::Object(response)) = responses.below_mut(&[status]) {
        response.insert("headers".to_owned(), object([("x-never-sent", header)]));
    }
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::document::tests::sample;
    use super::*;

    fn seen(ends: &[(&str, &str, usize)]) -> Option<Answer> {
        most_seen(&sample(), &Tally::of(ends))
    }

    #[test]
    fn the_mistake_is_made_where_an_answer_with_a_body_was_seen() {
        assert_eq!(seen(&[("GET /a/{id}", "304", 9), ("GET /a/{id}", "200", 1)]).unwrap().status, "200");
        assert_eq!(seen(&[("GET /a/{id}", "304", 9)]), None);
    }

    #[test]
    fn every_mistake_changes_the_document() {
        let place = seen(&[("GET /a/{id}", "200", 1)]).unwrap();
        for (mistake, make, _) in MISTAKES {
            let spoiled = spoil(&sample(), &place, *make).unwrap();
            assert_ne!(spoiled, sample().0, "{mistake}");
            assert_eq!(spoiled.member("components"), sample().0.member("components"), "{mistake}");
        }
    }
}
