//! What limits tell the counters of decisions.

use axum::routing::get;
use tollgate::{Outcome, Tollgate, rate_limited, with_metrics};
use tollgate_tests::site;

use crate::support::{and, from, service, with};

#[with_metrics]
#[rate_limited("3/minute", key = (ip, header("b")), missing = skip)]
#[rate_limited("2/minute", key = header("X-Api-Key"), missing = reject)]
#[rate_limited("4/minute", key = global, shadow)]
#[rate_limited("5/minute")]
async fn all_kinds() {}

const LABELS: [&str; 4] =
    ["rate_limited", "rate_limited:global", "rate_limited:x-api-key", "rate_limited:ip-b"];

#[test]
fn every_counter_of_every_limit_is_there_at_zero_from_the_start() {
    use Outcome::{Admitted, LocallyAdmitted, LocallyRefused, Refused, ShadowRefused, Skipped};
    const OUTCOMES: [Outcome; 6] =
        [Admitted, Refused, ShadowRefused, Skipped, LocallyAdmitted, LocallyRefused];
    let decisions = Tollgate::builder().build().unwrap().decisions();
    let own = decisions.iter().filter(|count| count.site == site!(all_kinds));
    let limits: Vec<_> = own.filter(|count| count.policy != "with_metrics").collect();
    for label in LABELS {
        let outcomes: Vec<_> = limits
            .iter()
            .filter(|count| count.policy == label)
            .map(|count| (count.outcome, count.count))
            .collect();
        assert_eq!(outcomes, OUTCOMES.map(|outcome| (outcome, 0)), "{label}");
    }
    assert_eq!(limits.len(), LABELS.len() * OUTCOMES.len(), "and no others");
}

#[tokio::test]
async fn each_limit_counts_its_own_decisions() {
    let service = service(get(all_kinds));
    for (request, counts) in [
        (
            and(from("10.0.0.1"), "x-api-key", "k"),
            "with_metrics completed 1, rate_limited admitted 1, rate_limited:global admitted 1, \
             rate_limited:x-api-key admitted 1, rate_limited:ip-b skipped 1",
        ),
        (
            and(and(from("10.0.0.1"), "x-api-key", "k"), "b", "x"),
            "with_metrics completed 2, rate_limited admitted 2, rate_limited:global admitted 2, \
             rate_limited:x-api-key admitted 2, rate_limited:ip-b admitted 1, skipped 1",
        ),
        (
            and(and(from("10.0.0.2"), "x-api-key", "k"), "b", "x"),
            "with_metrics completed 3, rate_limited admitted 2, rate_limited:global admitted 2, \
             rate_limited:x-api-key admitted 2, refused 1, rate_limited:ip-b admitted 1, skipped 1",
        ),
        (
            from("10.0.0.1"),
            "with_metrics completed 4, rate_limited admitted 2, rate_limited:global admitted 2, \
             rate_limited:x-api-key admitted 2, refused 2, rate_limited:ip-b admitted 1, skipped 1",
        ),
    ] {
        service.send(request).await;
        assert_eq!(service.counts(site!(all_kinds)), counts);
    }
    for key in ["l", "m", "n"] {
        service.send(with("x-api-key", key)).await;
    }
    let counts = "with_metrics completed 7, rate_limited admitted 5, \
                  rate_limited:global admitted 4, shadow_refused 1, \
                  rate_limited:x-api-key admitted 5, refused 2, rate_limited:ip-b admitted 1, skipped 4";
    assert_eq!(service.counts(site!(all_kinds)), counts);
}

#[test]
fn an_inventory_lists_limits_by_the_same_labels() {
    let inventory = Tollgate::builder().build().unwrap().inventory();
    let site = inventory.sites.iter().find(|entry| entry.name == site!(all_kinds)).unwrap();
    let listed: Vec<_> =
        site.policies.iter().skip(1).map(|entry| (entry.label, entry.summary.as_str())).collect();
    let summaries = [
        "5 per minute by ip",
        "4 per minute by global, shadow",
        "2 per minute by header x-api-key, 400 without it",
        "3 per minute by ip and header b, none without it",
    ];
    assert_eq!(listed, LABELS.into_iter().zip(summaries).collect::<Vec<_>>());
}
