//! What shares its budgets is declared alike. This program has two such pairs that are not, and builds no `Tollgate`.

use tollgate::{Tollgate, rate_limited};

#[rate_limited("5/second", share = "logins")]
async fn login() {}

#[rate_limited("6/second", burst = 9, share = "logins", missing = skip)]
async fn password() {}

#[rate_limited("5/second", share = "searches")]
async fn search() {}

/// By another key, and with other names on the wire, which make no difference.
#[rate_limited("5/second", key = header("x-api-key"), share = "searches", algorithm = fixed_window, shadow)]
#[rate_limited("9/hour")]
async fn suggest() {}

#[rate_limited("5/second", share = "lists")]
async fn airports() {}

#[rate_limited("5 per second", share = "lists")]
#[rate_limited("9/hour", key = global)]
async fn cities() {}

#[test]
fn whatever_differs_is_told_with_both_functions() {
    let _ = (login, password, search, suggest, airports, cities);
    let error = Tollgate::builder().build().unwrap_err().to_string();
    let [logins, searches] = error.split("; ").collect::<Vec<_>>()[..] else { panic!("{error}") };
    for (told, functions, differ) in [
        (
            logins,
            ["login", "password"],
            "\"logins\", and differ in `rates` and `missing`: declare both alike",
        ),
        (
            searches,
            ["search", "suggest"],
            "\"searches\", and differ in `key`, `algorithm` and `shadow`: declare both alike",
        ),
    ] {
        assert!(told.contains(differ), "{told}");
        for function in functions {
            assert!(told.contains(&format!("of shares::{function} (tests/tests/shares.rs:")), "{told}");
        }
    }
}
