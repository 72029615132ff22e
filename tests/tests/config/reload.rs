//! A configuration that is read again: what changed is told, and a faulty one changes nothing.

use tollgate::Tollgate;

use crate::support::{File, limits};

const SITE: &str = "bursts";
const DECLARED: &str = "rate_limited 100 per minute, burst 200, by global";

fn service(file: &File) -> Tollgate {
    Tollgate::builder().config_file(file.path()).build().unwrap()
}

#[test]
fn what_changed_is_told_and_in_force() {
    let file = File::new("changed.toml", "[sites.bursts.rate_limited]\nburst = 7");
    let tollgate = service(&file);
    file.write(
        "[sites.bursts.rate_limited]\nrates = [\"20/second\"]\n[sites.twins.rate_limited]\ndisabled = true",
    );
    let changed = tollgate.reload().unwrap();
    let [bursts, twins] = &changed.policies[..] else { panic!("{changed}") };
    assert_eq!((bursts.site, bursts.policy), ("bursts", "rate_limited"));
    assert_eq!(
        (&*bursts.before, &*bursts.now),
        ("100 per minute, burst 7, by global", "20 per second by global")
    );
    assert_eq!((twins.site, &*twins.now), ("twins", "disabled"));
    assert_eq!(
        changed.to_string(),
        "bursts: rate_limited: 100 per minute, burst 7, by global -> 20 per second by global\n\
         twins: rate_limited: 5 per second by global -> disabled"
    );
    assert_eq!(limits(&tollgate, SITE), "rate_limited 20 per second by global");
}

#[test]
fn the_same_again_changes_nothing() {
    let file = File::new("same.toml", "[sites.bursts.rate_limited]\nburst = 7");
    let tollgate = service(&file);
    file.write("[sites.bursts]\nrate_limited = { burst = 0x7 } # spelled otherwise");
    let changed = tollgate.reload().unwrap();
    assert!(changed.is_empty());
    assert_eq!(changed.to_string(), "nothing changed");
}

#[test]
fn what_is_no_longer_said_is_as_declared() {
    let file = File::new("withdrawn.toml", "[sites.bursts.rate_limited]\ndisabled = true");
    let tollgate = service(&file);
    assert_eq!(limits(&tollgate, SITE), "");
    file.write("");
    assert_eq!(tollgate.reload().unwrap().policies[0].before, "disabled");
    assert_eq!(limits(&tollgate, SITE), DECLARED);
}

#[test]
fn a_faulty_file_changes_nothing_and_is_told() {
    let file = File::new("broken.toml", "[sites.bursts.rate_limited]\nburst = 7");
    let tollgate = service(&file);
    let before = limits(&tollgate, SITE);
    for faulty in [
        "[sites.bursts.rate_limited]\nburst = 8\nrates = [\"meow\"]",
        "[sites.bursts.rate_limited]\nburst = 8\n[sites.twins.rate_limited]\nbrust = 9",
        "[sites.bursts.rate_limited]\nburst = 8\n[",
    ] {
        file.write(faulty);
        assert!(tollgate.reload().unwrap_err().to_string().contains("broken.toml:"), "{faulty}");
        assert_eq!(limits(&tollgate, SITE), before, "{faulty}");
    }
    file.remove();
    assert!(tollgate.reload().unwrap_err().to_string().contains("cannot be read"));
    assert_eq!(limits(&tollgate, SITE), before);
    file.write("[sites.bursts.rate_limited]\nburst = 9");
    assert_eq!(tollgate.reload().unwrap().policies.len(), 1);
}

#[test]
fn one_of_several_sources_may_change() {
    let file = File::new("beside.toml", "[sites.bursts.rate_limited]\nburst = 7");
    let text = "sites.bursts.rate_limited.shadow = true";
    let tollgate = Tollgate::builder().config(text).config_file(file.path()).build().unwrap();
    file.write("[sites.bursts.rate_limited]\nburst = 8\nshadow = true");
    assert!(tollgate.reload().unwrap_err().to_string().contains(".config(..):1 says this already"));
    file.write("[sites.bursts.rate_limited]\nburst = 8");
    assert_eq!(tollgate.reload().unwrap().policies[0].now, "100 per minute, burst 8, by global, shadow");
}

#[test]
fn without_files_there_is_nothing_to_read_again() {
    let tollgate = Tollgate::builder().config("sites.bursts.rate_limited.burst = 7").build().unwrap();
    assert!(tollgate.reload().unwrap().is_empty());
    assert!(Tollgate::builder().build().unwrap().reload().unwrap().is_empty());
}

#[test]
fn reloads_at_one_time_end_with_what_the_file_says() {
    let file = File::new("together.toml", "[sites.bursts.rate_limited]\nburst = 7");
    let tollgate = service(&file);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..20 {
                    tollgate.reload().unwrap();
                }
            });
        }
    });
    assert_eq!(limits(&tollgate, SITE), "rate_limited 100 per minute, burst 7, by global");
}
