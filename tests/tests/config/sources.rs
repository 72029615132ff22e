//! Where a configuration comes from: texts, files, several of them, and files that are none.

use std::path::Path;

use tollgate::Tollgate;

use crate::support::{File, faults, limits};

#[test]
fn sources_add_to_each_other() {
    let rates = File::new("rates.toml", "[sites.bursts.rate_limited]\nrates = [\"20/second\"]");
    let burst = File::new("burst.toml", "[sites.bursts.rate_limited]\nburst = 30");
    let builder = Tollgate::builder().config_file(rates.path()).config_file(burst.path());
    let tollgate = builder.config("sites.bursts.rate_limited.shadow = true").build().unwrap();
    assert_eq!(limits(&tollgate, "bursts"), "rate_limited 20 per second, burst 30, by global, shadow");
}

#[test]
fn a_key_that_stands_in_two_of_them_is_told_with_both() {
    let one = File::new("one.toml", "# ours\nsites.bursts.rate_limited.burst = 30");
    let other = File::new("other.toml", "sites.bursts.rate_limited.burst = 30");
    assert_eq!(
        faults(Tollgate::builder().config_file(one.path()).config_file(other.path())),
        "other.toml:1: `sites.bursts.rate_limited.burst`: one.toml:2 says this already: write it in one place"
    );
    let text = "sites.bursts.rate_limited.burst = 30";
    assert_eq!(
        faults(Tollgate::builder().config(text).config(text)),
        ".config(..) no. 2:1: `sites.bursts.rate_limited.burst`: .config(..):1 says this already: write it in one place"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let told = faults(Tollgate::builder().config_file(directory.join("missing.toml")));
    assert!(told.starts_with("missing.toml: this file cannot be read: "), "{told}");
    assert!(faults(Tollgate::builder().config_file(directory)).ends_with(": this is no file"));
    let latin = File::new("latin.toml", b"# caf\xe9\n");
    assert_eq!(
        faults(Tollgate::builder().config_file(latin.path())),
        "latin.toml: this is no UTF-8 from byte 5 on"
    );
}

#[test]
fn a_mebibyte_is_read_and_no_more() {
    let comment = |bytes: usize| format!("#{}", "x".repeat(bytes - 1));
    let longest = File::new("longest.toml", comment(1 << 20));
    let text = comment(1 << 20);
    Tollgate::builder().config_file(longest.path()).config(text).build().unwrap();
    let longer = File::new("longer.toml", comment((1 << 20) + 1));
    let told = "this is longer than 1048576 bytes, which no configuration is";
    assert_eq!(faults(Tollgate::builder().config_file(longer.path())), format!("longer.toml: {told}"));
    assert_eq!(faults(Tollgate::builder().config(comment((1 << 20) + 1))), format!(".config(..): {told}"));
}

#[test]
fn faults_of_all_sources_and_of_other_settings_are_told_at_once() {
    let file = File::new("faulty.toml", "sites.bursts.rate_limited.burst = 0");
    let told = faults(Tollgate::builder().max_keys(0).config("a = 1").config("b").config_file(file.path()));
    for fault in
        ["`max_keys(0)`", ".config(..):1: `a`", ".config(..) no. 2:1: this is no TOML", "faulty.toml:1: "]
    {
        assert!(told.contains(fault), "{told}");
    }
}
