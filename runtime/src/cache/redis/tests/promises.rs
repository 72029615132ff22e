//! What the store promises while all is well.

use super::*;
use crate::cache::wire::MOST_PAYLOAD;

fn number(words: &[&str]) -> i64 {
    SERVER.command(words).number()
}

#[test]
fn what_was_kept_is_found_under_its_name_with_its_terms_and_its_age() {
    let (cache, tag) = (shared(&namespace()), [Mark::tag("a"), Mark::site("b")]);
    let terms = Terms { initial_age: 1, fresh: MINUTE, while_revalidating: 2, on_error: 3, is_strict: true };
    let kept = Found { terms, for_nanos: 7 * MILLI, payload: vec![0, 255, b'\r', b'\n'] };
    keep(&cache, "one", &tag, &kept).unwrap();
    let Looked { versions, found } = look(&cache, "one", &tag).unwrap();
    let found = found.unwrap();
    assert_eq!((versions.as_slice(), found.terms, &found.payload), (&[0, 0][..], terms, &kept.payload));
    assert!((7 * MILLI..MINUTE / 2).contains(&found.for_nanos), "{}", found.for_nanos);
    assert_eq!(look(&cache, "two", &tag).unwrap().found, None);
}

#[test]
fn age_is_the_time_that_passed_for_the_server() {
    let namespace = namespace();
    let cache = shared(&namespace);
    keep(&cache, "one", &[], &entry(b"x")).unwrap();
    // As if 40 of 60 seconds had passed.
    SERVER.command(&["PEXPIRE", &format!("{namespace}:c:one"), "20000"]);
    let age = look(&cache, "one", &[]).unwrap().found.unwrap().for_nanos;
    assert!((40_000 * MILLI..45_000 * MILLI).contains(&age), "{age}");
}

#[test]
fn everything_has_a_time_to_live() {
    let namespace = namespace();
    let cache = shared(&namespace);
    let terms = Terms { fresh: 1_000 * MILLI, on_error: 9_000 * MILLI, ..Terms::default() };
    let short = Found { terms, for_nanos: 2_000 * MILLI, payload: Vec::new() };
    let long = Found { terms: fresh_for(u64::MAX), for_nanos: 0, payload: Vec::new() };
    keep(&cache, "short", &[], &short).unwrap();
    keep(&cache, "long", &[], &long).unwrap();
    invalidate(&cache, &[Mark::tag("a")]).unwrap();
    assert!(RUNTIME.block_on(cache.lease("one", 1, Duration::MAX)).unwrap());
    let left = |key: &str| number(&["PTTL", &format!("{namespace}:{key}")]);
    let day = 24 * 3_600 * 1_000;
    assert!((1..=8_000).contains(&left("c:short")));
    assert!((7 * day - 60_000..=7 * day).contains(&left("c:long")));
    assert!((1..=3_600_000).contains(&left("l:one")));
    let mark = names::mark(&namespace, &Mark::tag("a"));
    assert!((8 * day - 60_000..=8 * day).contains(&number(&["PTTL", &mark])));
    let spent = Found { for_nanos: 10_000 * MILLI, ..short };
    keep(&cache, "spent", &[], &spent).unwrap();
    assert_eq!(look(&cache, "spent", &[]).unwrap().found, None);
}

#[test]
fn a_purge_of_any_mark_takes_the_entries_that_have_it_and_no_others() {
    let cache = shared(&namespace());
    let [a, b, c] = ["a", "b", "c"].map(Mark::tag);
    let entries: [(&str, &[Mark]); 3] =
        [("ab", &[Mark::ALL, a, b]), ("bc", &[Mark::ALL, b, c]), ("c", &[Mark::ALL, c])];
    let found = || entries.map(|(name, marks)| look(&cache, name, marks).unwrap().found.is_some());
    for (purged, left) in
        [(&[a][..], [false, true, true]), (&[b], [false, false, true]), (&[Mark::ALL], [false; 3])]
    {
        for (name, marks) in entries {
            keep(&cache, name, marks, &entry(b"x")).unwrap();
        }
        assert_eq!(found(), [true; 3]);
        invalidate(&cache, purged).unwrap();
        assert_eq!(found(), left, "{}", purged.len());
    }
}

#[test]
fn versions_are_zero_until_a_purge_and_never_again_what_they_were() {
    let (cache, marks) = (shared(&namespace()), [Mark::tag("a"), Mark::tag("b"), Mark::ALL]);
    let versions = || look(&cache, "one", &marks).unwrap().versions;
    assert_eq!(versions(), [0, 0, 0]);
    let mut seen = vec![0];
    for _ in 0..20 {
        invalidate(&cache, &marks[..1]).unwrap();
        let [a, b, all] = versions().try_into().unwrap();
        assert!(!seen.contains(&a) && (b, all) == (0, 0));
        seen.push(a);
    }
    invalidate(&cache, &[Mark::ALL]).unwrap();
    assert!(!seen.contains(&versions()[2]));
}

#[test]
fn an_entry_that_was_made_before_a_purge_is_none_even_if_it_is_kept_after_it() {
    let (cache, marks) = (shared(&namespace()), [Mark::ALL, Mark::tag("a")]);
    for purged in marks {
        let versions = look(&cache, "one", &marks).unwrap().versions;
        invalidate(&cache, &[purged]).unwrap();
        let then = [(marks[0], versions[0]), (marks[1], versions[1])];
        RUNTIME.block_on(cache.keep("one", &entry(b"old"), &then)).unwrap();
        assert_eq!(look(&cache, "one", &marks).unwrap().found, None);
        keep(&cache, "one", &marks, &entry(b"new")).unwrap();
        assert_eq!(payload(look(&cache, "one", &marks).unwrap()).unwrap(), b"new");
    }
}

#[test]
fn an_entry_is_found_with_its_own_marks_alone() {
    let (cache, [a, b]) = (shared(&namespace()), ["a", "b"].map(Mark::tag));
    keep(&cache, "one", &[a, b], &entry(b"x")).unwrap();
    for marks in [&[a][..], &[b, a], &[], &[a, b, b]] {
        assert_eq!(look(&cache, "one", marks).unwrap().found, None);
    }
    assert!(look(&cache, "one", &[a, b]).unwrap().found.is_some());
}

#[test]
fn a_lease_is_one_process_and_given_back_by_that_one_alone() {
    let namespace = namespace();
    let (one, other) = (shared(&namespace), shared(&namespace));
    let lease =
        |cache: &RedisCache, token| RUNTIME.block_on(cache.lease("one", token, PATIENT * 10)).unwrap();
    assert!(lease(&one, u64::MAX));
    assert!(!lease(&other, 2) && !lease(&one, u64::MAX));
    RUNTIME.block_on(other.release("one", 2)).unwrap();
    assert!(!lease(&other, 2), "a foreign token gives nothing back");
    RUNTIME.block_on(one.release("one", u64::MAX)).unwrap();
    assert!(lease(&other, 2));
    RUNTIME.block_on(one.release("one", u64::MAX)).unwrap();
    assert!(!lease(&one, 3));
}

#[test]
fn a_lease_ends_by_itself() {
    let cache = shared(&namespace());
    assert!(RUNTIME.block_on(cache.lease("one", 1, Duration::from_millis(50))).unwrap());
    wait_until("the end of a lease", || RUNTIME.block_on(cache.lease("one", 2, PATIENT)).unwrap());
}

#[test]
fn what_is_too_large_is_not_kept_and_what_is_large_is() {
    let cache = shared(&namespace());
    keep(&cache, "large", &[], &entry(&vec![7; MOST_PAYLOAD])).unwrap();
    assert_eq!(payload(look(&cache, "large", &[]).unwrap()).unwrap().len(), MOST_PAYLOAD);
    keep(&cache, "too large", &[], &entry(&vec![7; MOST_PAYLOAD + 1])).unwrap();
    assert_eq!(look(&cache, "too large", &[]).unwrap().found, None);
}

#[test]
fn a_look_is_one_command_and_so_is_every_other_call() {
    let server = RedisServer::start();
    let cache = connect(server.url(), "own", PATIENT);
    let marks: Vec<_> = (0..5).map(|number: u8| Mark::tag(&number.to_string())).collect();
    let calls: [(&str, &dyn Fn()); 5] = [
        ("look", &|| drop(look(&cache, "one", &marks).unwrap())),
        ("keep", &|| RUNTIME.block_on(cache.keep("one", &entry(b"x"), &[])).unwrap()),
        ("invalidate", &|| invalidate(&cache, &marks).unwrap()),
        ("lease", &|| assert!(RUNTIME.block_on(cache.lease("one", 1, PATIENT)).is_ok())),
        ("release", &|| RUNTIME.block_on(cache.release("one", 1)).unwrap()),
    ];
    for (name, call) in calls {
        call(); // which teaches the script
        server.command(&["CONFIG", "RESETSTAT"]);
        for _ in 0..10 {
            call();
        }
        let stats = server.command(&["INFO", "commandstats"]);
        let of = |command: &str| {
            let line = format!("cmdstat_{command}:calls=");
            stats.text().lines().find_map(|text| text.strip_prefix(&line)?.split(',').next()?.parse().ok())
        };
        let (scripts, taught): (Option<u32>, Option<u32>) = (of("evalsha"), of("eval"));
        assert_eq!((scripts, taught), (Some(10), None), "{name}");
    }
}
