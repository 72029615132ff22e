//! What the compiler says about wrong attributes, as reviewed files: `cargo xtask ui --overwrite` renews them.

#[test]
fn every_mistake_is_told_in_our_own_words() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}
