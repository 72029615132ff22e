//! What is wrong with readers, and what is told of it at the start.

use tollgate::{Tollgate, VersionReaders};

use crate::support::Version;

#[test]
fn readers_that_read_nothing_are_told_at_the_start() {
    for (readers, words) in [
        (VersionReaders::new(), "there are no readers"),
        (VersionReaders::new().header("API Version"), "`.header(\"API Version\")` is no name of a field"),
        (VersionReaders::new().query(""), "`.query(\"\")` is no name of a parameter"),
        (VersionReaders::new().media_type("json"), "`.media_type(\"json\")` is no media type"),
        (VersionReaders::new().path_under("api"), "`.path_under(\"api\")` is no path"),
        (VersionReaders::new().path_under("/api/"), "`.path_under(\"/api/\")` is no path"),
        (VersionReaders::new().path().path_under("/api"), "versions stand in paths at one place"),
    ] {
        let error = Tollgate::builder().versions::<Version>(readers).build().unwrap_err().to_string();
        assert!(error.contains("`.versions::<Version>(..)`: ") && error.contains(words), "{error}");
    }
}

#[test]
fn readers_of_one_api_are_given_once() {
    let builder = Tollgate::builder().versions::<Version>(VersionReaders::default());
    let error = builder.versions::<Version>(VersionReaders::default()).build().unwrap_err().to_string();
    assert!(error.contains("it is given twice"), "{error}");
}
