//! What is told of what a configuration may not say.

use tollgate::Tollgate;

use crate::support::faults_of;

/// What is told of keys of `bursts`, without the path.
fn told_of(keys: &str) -> String {
    let told = faults_of(&format!("[sites.bursts.rate_limited]\n{keys}"));
    told.replace("`sites.bursts.rate_limited.", "`..")
}

#[test]
fn what_is_not_there_is_told_with_what_is_nearest() {
    let cases = [
        (
            "[sites.\"airports::lists\".rate_limited]",
            ".config(..):1: `sites.\"airports::lists\"`: there is no such site: did you mean `\"airports::list\"`?",
        ),
        (
            "[sites.\"airports::handlers::search\".rate_limited]",
            ".config(..):1: `sites.\"airports::handlers::search\"`: there is no such site: did you mean `\"airports::search\"`?",
        ),
        (
            "[sites.\"something else\".rate_limited]",
            ".config(..):1: `sites.\"something else\"`: there is no such site: `tollgate.inventory()` shows those there are",
        ),
        (
            "[sites.\"airports::list\".rate_limit]",
            ".config(..):1: `sites.\"airports::list\".rate_limit`: the function has no such policy: did you mean `rate_limited`?",
        ),
        (
            "[sites.\"airports::list\".\"rate_limited:principle\"]",
            ".config(..):1: `sites.\"airports::list\".\"rate_limited:principle\"`: the function has no such policy: did you mean \
             `\"rate_limited:principal\"`?",
        ),
        (
            "[sites.measured.circuit_breaker]",
            ".config(..):1: `sites.measured.circuit_breaker`: the function has no such policy: it has `with_metrics`",
        ),
        (
            "[sites.measured.with_metrics]\nshadow = true",
            ".config(..):1: `sites.measured.with_metrics`: `with_metrics` has nothing that a configuration could change: take this away",
        ),
        ("[site.bursts.rate_limited]", ".config(..):1: `site`: there is no such key: did you mean `sites`?"),
        (
            "\n\n[server]",
            ".config(..):3: `server`: there is no such key: everything stands below `sites`, as in \
             `[sites.\"airports::list\".rate_limited]`",
        ),
        (
            "sites = 5",
            ".config(..):1: `sites`: this is a whole number, where a table belongs: write `[sites.\"airports::list\".rate_limited]`",
        ),
        (
            "sites.bursts = \"100/minute\"",
            ".config(..):1: `sites.bursts`: this is a text, where a table belongs: write `[sites.bursts.rate_limited]`",
        ),
        (
            "[sites.bursts]\nrate_limited = [\"100/minute\"]",
            ".config(..):2: `sites.bursts.rate_limited`: this is a list, where a table belongs: write `[sites.bursts.rate_limited]`",
        ),
        (
            "[sites.\"a\\u001b[31m\".rate_limited]",
            ".config(..):1: `sites.\"a\\u{1b}[31m\"`: there is no such site: `tollgate.inventory()` shows those there are",
        ),
    ];
    for (toml, told) in cases {
        assert_eq!(faults_of(toml), told, "{toml}");
    }
}

#[test]
fn keys_and_values_are_told_with_what_to_write() {
    let cases = [
        ("brust = 5", ".config(..):2: `..brust`: there is no such key: did you mean `burst`?"),
        ("capacity = 5", ".config(..):2: `..capacity`: there is no such key: write `burst`"),
        (
            "requests_per_minute = 5",
            ".config(..):2: `..requests_per_minute`: there is no such key: write `rates = [\"100/minute\"]`",
        ),
        (
            "algorithm = \"gcra\"",
            ".config(..):2: `..algorithm`: there is no such key: the attribute alone says this, because what is compiled depends on it",
        ),
        (
            "interval = 5",
            ".config(..):2: `..interval`: there is no such key: there are `rates`, `burst`, `shadow` and `disabled`",
        ),
        (
            "shadow = \"true\"",
            ".config(..):2: `..shadow`: this is a text: write `true` or `false`, without quotes",
        ),
        (
            "disabled = 1",
            ".config(..):2: `..disabled`: this is a whole number: write `true` or `false`, without quotes",
        ),
        ("burst = 0", ".config(..):2: `..burst`: this is at least 1"),
        ("burst = -3", ".config(..):2: `..burst`: this is at least 1"),
        ("burst = 4294967296", ".config(..):2: `..burst`: this is at most 4294967295"),
        (
            "burst = 99999999999999999999999999999999999999999999",
            ".config(..):2: `..burst`: this is at most 4294967295",
        ),
        (
            "burst = 1.5",
            ".config(..):2: `..burst`: this is a number with a fraction: write a whole number, without quotes, as in `burst = 200`",
        ),
        (
            "burst = 1979-05-27",
            ".config(..):2: `..burst`: this is a date or a time: write a whole number, without quotes, as in `burst = 200`",
        ),
        (
            "burst = 4294967295\nrates = [\"1/366 days\"]",
            ".config(..):2: `..burst`: this burst takes more than a century to refill at this rate: lower it",
        ),
        (
            "rates = [\"1/s\", \"9/m\"]\nburst = 20",
            ".config(..):3: `..burst`: `burst` belongs to one rate, and there are several: take it away, or write one rate",
        ),
    ];
    for (keys, told) in cases {
        assert_eq!(told_of(keys), told, "{keys}");
    }
}

#[test]
fn rates_are_told_with_what_to_write() {
    let cases = [
        (
            "rates = [\"meow\"]",
            ":2: `..rates`: `meow` is no rate: write a number and a period, as in \"100/minute\", \"5/2s\" or \"10 per second\"",
        ),
        ("rates = [\n\"1/s\",\n\"10 rpm\"]", ":4: `..rates`: `10 rpm` is no rate: write `\"10/minute\"`"),
        ("rates = \"10/s\"", ":2: `..rates`: rates stand in a list: write `rates = [\"10/s\"]`"),
        (
            "rates = \"meow\"",
            ":2: `..rates`: this is a text, and rates are a list of texts: write `rates = [\"100/minute\"]`",
        ),
        (
            "rates = 100",
            ":2: `..rates`: this is a whole number, and rates are a list of texts: write `rates = [\"100/minute\"]`",
        ),
        (
            "rates = [100]",
            ":2: `..rates`: a rate is a text, and this is a whole number: write `rates = [\"100/minute\"]`",
        ),
        (
            "rates = []",
            ":2: `..rates`: there is no rate in this list: write `rates = [\"100/minute\"]`, or `disabled = true`",
        ),
        ("rates = [\"0/minute\"]", ":2: `..rates`: `0/minute` admits nothing: a rate is at least 1"),
        (
            "rates = [\"1/60s\", \"2/minute\"]",
            ":2: `..rates`: two rates have one period, minute: the lower one alone would count, so keep that one",
        ),
        (
            "rates = [\"1/s;1/2s;1/3s;1/4s;1/5s;1/6s;1/7s;1/8s;1/9s\"]",
            ":2: `..rates`: a function has at most 8 rates in all: take some away",
        ),
    ];
    for (keys, told) in cases {
        assert_eq!(told_of(keys), format!(".config(..){told}"), "{keys}");
    }
}

#[test]
fn what_does_not_fit_the_function_is_told() {
    let cases = [
        (
            "[sites.seven.rate_limited]\nrates = [\"1/s\", \"2/m\", \"3/h\", \"4/d\", \"5/2d\", \"6/3d\", \"7/4d\"]",
            "`sites.seven.rate_limited`: with this, the function has 9 rates in all, and 8 at most: take some away",
        ),
        (
            "[sites.costly.rate_limited]\nrates = [\"4/second\"]",
            "`sites.costly.rate_limited.rates`: a cost of 5 never fits where 4 are admitted at once: raise the rate or its \
             `burst`",
        ),
        (
            "[sites.costly.rate_limited]\nburst = 3",
            "`sites.costly.rate_limited.burst`: a cost of 5 never fits where 3 are admitted at once: raise the rate or its \
             `burst`",
        ),
        (
            "[sites.seven.rate_limited]\nburst = 3",
            "`sites.seven.rate_limited.burst`: `burst` belongs to one rate, and there are several: take it away, or write one rate",
        ),
        (
            "[sites.twins.\"rate_limited:global-shadow\"]\nshadow = false",
            "`sites.twins.\"rate_limited:global-shadow\"`: with this, a rate of `rate_limited` and one of `rate_limited:global-shadow` are \
             both called \"global-second\" on the wire: put one of these limits into `shadow`, or write another period",
        ),
    ];
    for (toml, told) in cases {
        let faults = faults_of(toml);
        let place = faults.split(": ").next().unwrap();
        assert!([".config(..):1", ".config(..):2"].contains(&place), "{faults}");
        assert_eq!(faults.split_once(": ").unwrap().1, told, "{toml}");
    }
    let zeros = "0".repeat(500);
    let long = format!("[sites.seven.rate_limited]\nrates = [\"1/{zeros}2s\", \"2/3s\"]");
    assert!(faults_of(&long).ends_with(
        "with this, the rates of the function do not fit into a header field: write shorter periods"
    ));
}

#[test]
fn what_does_not_fit_other_options_is_told() {
    let tiers =
        "a function chooses the rates of this limit (`tiers`), so a configuration cannot: take this away";
    let cases = [
        (
            "log",
            "burst = 9",
            "burst",
            "`sliding_log` admits its quota and knows no burst: take `burst = 9` away",
        ),
        (
            "window",
            "burst = 9",
            "burst",
            "`fixed_window` admits its quota and knows no burst: take `burst = 9` away",
        ),
        (
            "log",
            "rates = [\"10001/hour\"]",
            "rates",
            "`sliding_log` keeps the moment of every request, and 10001 are more than 10000: lower the rate",
        ),
        (
            "window",
            "rates = [\"4/hour\"]",
            "rates",
            "a cost of 5 never fits where 4 are admitted at once: raise the rate",
        ),
        (
            "leased",
            "rates = [\"9/hour\"]",
            "rates",
            "a lease of 10 never fits where 9 are admitted at once: raise the rate or its `burst`",
        ),
        ("tiered", "rates = [\"9/hour\"]", "rates", tiers),
        ("tiered", "burst = 9", "burst", tiers),
    ];
    for (site, keys, key, told) in cases {
        let told = format!(".config(..):2: `sites.{site}.rate_limited.{key}`: {told}");
        assert_eq!(faults_of(&format!("[sites.{site}.rate_limited]\n{keys}")), told);
    }
    let fitting = "[sites.log.rate_limited]\nrates = [\"10000/hour\"]\n[sites.leased.rate_limited]\nrates = [\"9/hour\"]\nburst = 10\n\
                   [sites.tiered.rate_limited]\nshadow = true";
    Tollgate::builder().config(fitting).build().unwrap();
}

#[test]
fn one_budget_is_not_configured_in_two_ways() {
    assert_eq!(
        faults_of("[sites.login.rate_limited]\nburst = 9\n[sites.password.rate_limited]\nburst = 8"),
        ".config(..):3: `sites.password.rate_limited`: this shares its budgets as \"logins\" with `sites.login.rate_limited`, of \
         which .config(..):1 says something else: write it once, it holds for all of them"
    );
}

#[test]
fn everything_is_told_at_once_in_the_order_of_lines() {
    let toml = "[sites.\"airports::list\".rate_limited]\nshadow = 1\nbrust = 2\nrates = [\"meow\", 5, \"purr\"]\n\n[sites.nowhere.rate_limited]\n[site]";
    let told = faults_of(toml);
    let places: Vec<_> =
        told.split("; ").map(|fault| fault.split(": ").take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        places,
        [
            ".config(..):2 `sites.\"airports::list\".rate_limited.shadow`",
            ".config(..):3 `sites.\"airports::list\".rate_limited.brust`",
            ".config(..):4 `sites.\"airports::list\".rate_limited.rates`",
            ".config(..):4 `sites.\"airports::list\".rate_limited.rates`",
            ".config(..):4 `sites.\"airports::list\".rate_limited.rates`",
            ".config(..):6 `sites.nowhere`",
            ".config(..):7 `site`",
        ]
    );
}

#[test]
fn no_more_is_told_than_somebody_reads() {
    let toml: Vec<_> = (0..200).map(|n| format!("[sites.nowhere{n}.rate_limited]")).collect();
    let toml = toml.join("\n");
    let told = faults_of(&toml);
    assert_eq!(told.split("; ").count(), 51);
    assert!(told.ends_with("; and 150 more faults of configuration"), "{told}");
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let told = faults_of("[sites.airports::list.rate_limited]\nburst = 5");
    assert!(told.starts_with(".config(..):1: this is no TOML: "), "{told}");
    assert!(
        told.contains(
            "names with `:` stand in quotes, as in `[sites.\"airports::list\".\"rate_limited:principal\"]`"
        ),
        "{told}"
    );
    for (toml, line) in [
        ("a = ", 1),
        ("\n\nsites = {", 3),
        ("[sites]\n[sites]", 2),
        ("x = 1\nx = 2", 2),
        ("\u{0}", 1),
        ("é", 1),
    ] {
        let told = faults_of(toml);
        assert!(told.starts_with(&format!(".config(..):{line}: this is no TOML: ")), "{told}");
    }
    let deep = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(faults_of(&deep).starts_with(".config(..):1: this is no TOML: "));
}
