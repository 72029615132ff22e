//! What a configuration may say, as the inventory then shows it.

use tollgate::Tollgate;

use crate::support::{configured, limits};

#[test]
fn what_the_documentation_shows_is_understood() {
    let documentation = include_str!("../../../runtime/src/docs/config.md");
    let toml = documentation.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let tollgate = Tollgate::builder().config(toml).build().unwrap();
    assert_eq!(
        limits(&tollgate, "airports::list"),
        "rate_limited 10 per second and 100 per minute by ip; \
         rate_limited:principal 50 per minute, burst 20, by principal"
    );
    assert_eq!(limits(&tollgate, "airports::search"), "rate_limited 5 per second by ip, shadow");
}

#[test]
fn each_key_replaces_what_the_attribute_says() {
    let cases = [
        ("", "100 per minute, burst 200, by global"),
        ("disabled = true", ""),
        ("disabled = false", "100 per minute, burst 200, by global"),
        ("burst = 7", "100 per minute, burst 7, by global"),
        ("shadow = true", "100 per minute, burst 200, by global, shadow"),
        ("shadow = false", "100 per minute, burst 200, by global"),
        ("rates = [\"20/2s\"]", "20 per 2s by global"),
        ("rates = ['20 per 2 seconds']\nburst = 1_000", "20 per 2s, burst 1000, by global"),
        ("rates = [\"1 per 3 hours; 1 per second\"]", "1 per 3h and 1 per second by global"),
        ("rates = [\n\"1/s\",\n\"9/m\", # more\n]", "1 per second and 9 per minute by global"),
    ];
    for (keys, expected) in cases {
        let summary = configured(&format!("[sites.bursts.rate_limited]\n{keys}"), "bursts");
        assert_eq!(summary.strip_prefix("rate_limited ").unwrap_or(&summary), expected, "{keys}");
    }
}

#[test]
fn functions_that_nobody_speaks_of_stay_as_they_are() {
    let none = configured("", "airports::list");
    assert_eq!(configured("[sites.bursts.rate_limited]\nburst = 7", "airports::list"), none);
    assert_eq!(configured("sites = {}", "airports::list"), none);
    assert_eq!(configured("\u{feff}# nothing\r\n", "airports::list"), none);
}

#[test]
fn a_limit_that_is_tried_out_becomes_real_beside_another_or_in_its_place() {
    assert_eq!(
        configured("sites.\"airports::search\".\"rate_limited:global\".shadow = false", "airports::search"),
        "rate_limited 5 per second by ip; rate_limited:global 50 per second by global"
    );
    let swapped = "[sites.twins]\nrate_limited.shadow = true\n\"rate_limited:global-shadow\".shadow = false";
    assert_eq!(
        configured(swapped, "twins"),
        "rate_limited 5 per second by global, shadow; rate_limited:global-shadow 4 per second by global"
    );
}

#[test]
fn what_is_in_shadow_or_disabled_protects_nothing() {
    let protects = |keys: &str| {
        let toml = format!("[sites.bursts.rate_limited]\n{keys}");
        let inventory = Tollgate::builder().config(toml).build().unwrap().inventory();
        let site = inventory.sites.iter().find(|site| site.name == "bursts").unwrap();
        site.policies.iter().any(tollgate::PolicyEntry::protects)
    };
    assert!(protects("burst = 7") && protects("shadow = false"));
    assert!(!protects("shadow = true") && !protects("disabled = true"));
}

#[test]
fn what_is_said_of_a_limit_holds_for_all_that_share_its_budgets() {
    let [login, password] = ["login", "password"].map(|site| {
        let toml = format!("[sites.{site}.rate_limited]\nrates = [\"7/hour\"]");
        (configured(&toml, "login"), configured(&toml, "password"))
    });
    assert_eq!(login.0, "rate_limited 7 per hour by ip, shared as logins");
    assert_eq!(
        login.1,
        "rate_limited 7 per hour by ip, shared as logins; rate_limited:global 9 per hour by global"
    );
    assert_eq!(login, password);
    let both = "[sites.login.rate_limited]\nburst = 9\n[sites.password.rate_limited]\nburst = 9";
    assert_eq!(configured(both, "login"), "rate_limited 5 per second, burst 9, by ip, shared as logins");
}
