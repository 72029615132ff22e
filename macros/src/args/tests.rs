//! Arguments as users write them, and as a `macro_rules!` hands them on.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::*;
use crate::rate_limited::VOCABULARY;

/// A fragment such as `$key:ty`, as it arrives.
fn fragment(tokens: TokenStream) -> TokenStream {
    TokenTree::Group(Group::new(Delimiter::None, tokens)).into()
}

fn parse(tokens: TokenStream, errors: &Errors) -> Arguments {
    Arguments::parse(tokens, &VOCABULARY, errors)
}

/// What parsing some arguments says, error by error.
fn said(source: &str) -> Vec<String> {
    let errors = Errors::new();
    parse(source.parse().unwrap(), &errors);
    texts(errors)
}

fn texts(errors: Errors) -> Vec<String> {
    literals(errors.finish().unwrap_or_default())
}

fn literals(tokens: TokenStream) -> Vec<String> {
    let literals = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => literals(group.stream()),
        TokenTree::Literal(_) => syn::parse2::<LitStr>(token.into()).iter().map(LitStr::value).collect(),
        TokenTree::Ident(_) | TokenTree::Punct(_) => Vec::new(),
    });
    literals.flatten().collect()
}

fn named(source: &str) -> Named {
    key_of(&source.parse().unwrap()).unwrap()
}

#[test]
fn arguments_are_split_at_the_commas_between_them() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("\"100/minute\"", &["\"100/minute\""]),
        ("\"1/s\", burst = 5, shadow,", &["\"1/s\"", "burst=5", "shadow"]),
        ("key = Tenant<A, B>, shadow", &["key=Tenant<A,B>", "shadow"]),
        ("key = Tenant<Vec<A>, B<C, D>>, shadow", &["key=Tenant<Vec<A>,B<C,D>>", "shadow"]),
        ("key = Tenant<fn(A, B) -> C, D>, shadow", &["key=Tenant<fn(A,B)->C,D>", "shadow"]),
        ("key = Tenant<dyn Fn() -> Vec<A>, B>, shadow", &["key=Tenant<dynFn()->Vec<A>,B>", "shadow"]),
        ("key = <A as Of<B, C>>::Key, shadow", &["key=<AasOf<B,C>>::Key", "shadow"]),
        (
            "key = (ip, Tenant<A, B>, header(\"x\")), cost = 5",
            &["key=(ip,Tenant<A,B>,header(\"x\"))", "cost=5"],
        ),
        ("key = Tenant<{ 1 > 0 }, A>, shadow", &["key=Tenant<{1>0},A>", "shadow"]),
        ("cost = |a, b| a + b, shadow", &["cost=|a,b|a+b", "shadow"]),
        ("cost = move |a: A, _| 5, shadow", &["cost=move|a:A,_|5", "shadow"]),
        ("cost = || 5, shadow", &["cost=||5", "shadow"]),
        ("cost = a | b, shadow", &["cost=a|b", "shadow"]),
        ("|a, b| true, \"1/s\"", &["|a,b|true", "\"1/s\""]),
        ("labels = [a, b], buckets = {c, d}", &["labels=[a,b]", "buckets={c,d}"]),
    ];
    for (source, expected) in cases {
        let split: Vec<_> = split(source.parse().unwrap()).iter().map(spelling).collect();
        assert_eq!(split, *expected, "{source}");
    }
}

#[test]
fn a_key_is_one_word_in_front_of_an_equals_sign_or_alone() {
    let cases = [
        ("shadow", Some("shadow")),
        ("burst = 200", Some("burst 200")),
        ("burst =", Some("burst")),
        ("crate = a::b", Some("crate a::b")),
        ("key = Tenant<A, B>", Some("key Tenant<A,B>")),
        ("r#key = ip", Some("r#key ip")),
        ("burst(200)", None),
        ("a::b", None),
        ("\"100/minute\"", None),
        ("= 5", None),
    ];
    for (source, expected) in cases {
        let found = key_of(&source.parse().unwrap()).map(|Named { key, value }| match value {
            Some(value) => format!("{key} {}", spelling(&value)),
            None => key.to_string(),
        });
        assert_eq!(found.as_deref(), expected, "{source}");
    }
}

#[test]
fn fragments_of_a_macro_are_seen_through() {
    let (key, rate) = (fragment(quote!(burst)), fragment(quote!("1/s")));
    let (number, path) = (fragment(quote!(200)), fragment(fragment(quote!(a::b))));
    let (word, text) = (fragment(quote!(skip)), fragment(quote!("airport")));
    let errors = Errors::new();
    let tokens = quote!(#rate, #key = #number, cost = #path, missing = #word, name = #text, crate = #path);
    let mut arguments = parse(tokens, &errors);
    let mut take = |key| arguments.take(key).unwrap();
    assert_eq!(take("burst").positive("", &errors), Some(200));
    assert_eq!(take("crate").path("", &errors).map(|path| path.segments.len()), Some(2));
    assert_eq!(take("name").text("", &errors).map(|text| text.value()), Some("airport".to_owned()));
    assert_eq!(take("missing").word(&[("skip", 7)], &errors), Some(7));
    let rates = arguments.take_positional().unwrap();
    let rate = text_literal(&rates[0], &errors, |_| String::new());
    assert_eq!(rate.map(|rate| rate.value()), Some("1/s".to_owned()));
    assert_eq!(texts(errors), [""; 0]);
}

#[test]
fn arguments_keep_their_values_whatever_their_order() {
    let errors = Errors::new();
    let mut arguments = parse(quote!(shadow, "1/s", key = Tenant<A, B>, "5/m"), &errors);
    assert_eq!(arguments.take("key").unwrap().value.map(|value| spelling(&value)).unwrap(), "Tenant<A,B>");
    assert!(arguments.take("shadow").unwrap().flag(&errors));
    assert!(arguments.take("burst").is_none());
    let rates: Vec<_> = arguments.take_positional().unwrap().iter().map(spelling).collect();
    assert_eq!(rates, ["\"1/s\"", "\"5/m\""]);
    assert_eq!(texts(errors), [""; 0]);
}

#[test]
fn what_is_not_understood_is_said_once_for_each_argument() {
    let cases: &[(&str, &[&str])] = &[
        ("\"1/s\", brust = 5", &["`rate_limited` has no `brust`: did you mean `burst`?"]),
        ("\"1/s\", shadow, r#shadow", &["`shadow` is given twice: keep one"]),
        ("\"1/s\", burst = 1, burst = 2", &["`burst` is given twice: keep one"]),
        (
            "by = ip, dry_run",
            &["`rate_limited` has no `by`: write `key`", "`rate_limited` has no `dry_run`: write `shadow`"],
        ),
        ("\"1/s\", key(ip)", &["a key and its value are joined by `=`: write `key = ip`"]),
        (
            "\"1/s\", key: Tenant<A, B>",
            &["a key and its value are joined by `=`: write `key = Tenant < A , B >`"],
        ),
        ("\"1/s\", key(ip, global)", &["a key and its value are joined by `=`: write `key = (ip , global)`"]),
        (
            "by = ip, key = global",
            &["`rate_limited` has no `by`: write `key`", "`key` is given twice: keep one"],
        ),
        ("= \"1/s\"", &["arguments stand in parentheses: write `#[rate_limited(\"1/s\")]`"]),
    ];
    for (source, expected) in cases {
        assert_eq!(said(source), *expected, "{source}");
    }
}

#[test]
fn an_argument_under_another_librarys_word_keeps_its_value() {
    let errors = Errors::new();
    let mut arguments = parse(quote!("1/s", weight = 0), &errors);
    assert_eq!(arguments.take("cost").and_then(|cost| cost.positive("cost = 5", &errors)), None);
    assert_eq!(texts(errors), ["`rate_limited` has no `weight`: write `cost`", "`cost` is at least 1"]);
}

#[test]
fn a_rate_under_a_key_is_not_missed_as_well() {
    for source in ["requests_per_minute = 100", "rate(\"1/s\")", "= \"1/s\""] {
        let errors = Errors::new();
        let mut arguments = parse(source.parse().unwrap(), &errors);
        assert!(arguments.take_positional().is_none(), "{source}");
        assert_eq!(texts(errors).len(), 1, "{source}");
    }
}

#[test]
fn numbers_are_positive_and_fit() {
    let cases = [
        ("burst = 1", Ok(1)),
        ("burst = 1_000u64", Ok(1000)),
        ("burst = 0", Err("`burst` is at least 1")),
        ("burst = -1", Err("`burst` is at least 1")),
        ("burst = 4294967296", Err("`burst` is at most 4294967295")),
        ("burst = 1.5", Err("`burst` is a whole number, written out: write `burst = 200`")),
        ("burst = \"300\"", Err("`burst` is a whole number, written out: write `burst = 300`")),
        ("burst", Err("`burst` needs a value: write `burst = 200`")),
    ];
    for (source, expected) in cases {
        let errors = Errors::new();
        let number = named(source).positive("burst = 200", &errors);
        let said = texts(errors).concat();
        assert_eq!(number.ok_or(said.as_str()), expected, "{source}");
    }
}

#[test]
fn the_crate_is_found_among_other_arguments() {
    let cases = [
        ("\"1/s\", key = Tenant<A, B>, crate = facade::tollgate", Some("facade::tollgate")),
        ("crate = ::tollgate", Some("::tollgate")),
        ("crate = \"tollgate\"", None),
        ("name = \"crate\"", None),
    ];
    for (source, expected) in cases {
        let root = root_of(&source.parse().unwrap()).map(|root| spelling(&root.to_token_stream()));
        assert_eq!(root.as_deref(), expected, "{source}");
    }
}

/// A vocabulary with a key that takes a list in parentheses.
const LISTS: Vocabulary = Vocabulary {
    keys: &["key", "sort"],
    groups: &["sort"],
    renamed: &[("sortable", "sort"), ("order_by", "sort")],
    unnamed: "write `key = iata`",
    example: Some("key = iata"),
    ..Vocabulary::named("paginate")
};

/// The list of `sort`, and what is said on the way.
fn sorted(source: &str) -> (Option<String>, Vec<String>) {
    let errors = Errors::new();
    let mut arguments = Arguments::parse(source.parse().unwrap(), &LISTS, &errors);
    let list = arguments.take("sort").and_then(|named| named.value).map(|list| spelling(&list));
    (list, texts(errors))
}

#[test]
fn a_list_in_parentheses_is_read_however_it_is_written_and_told_how() {
    let in_parentheses = "`sort` takes its list in parentheses: write `sort(a , b)`";
    let cases = [
        ("sort(a, b)", Some("a,b"), None),
        ("sort()", Some(""), None),
        ("sort", None, None),
        ("sort = [a, b]", Some("a,b"), Some(in_parentheses)),
        ("sort = (a, b)", Some("a,b"), Some(in_parentheses)),
        ("sort = \"a,b\"", Some("a,b"), Some(in_parentheses)),
        ("sort = a", Some("a"), Some("`sort` takes its list in parentheses: write `sort(a)`")),
        ("sortable(a)", Some("a"), Some("`paginate` has no `sortable`: write `sort(a)`")),
        ("order_by = a", Some("a"), Some("`paginate` has no `order_by`: write `sort(a)`")),
        ("srot(a)", None, Some("`paginate` has no `srot`: did you mean `sort`?")),
        ("key(a)", None, Some("a key and its value are joined by `=`: write `key = a`")),
        ("\"a\"", None, Some("`paginate` takes no value without a key: write `key = iata`")),
        ("= \"a\"", None, Some("arguments stand in parentheses: write `#[paginate(key = iata)]`")),
        ("sort(a), sort(b)", Some("a"), Some("`sort` is given twice: write `sort(a, b)`")),
    ];
    for (source, list, message) in cases {
        let (found, said) = sorted(source);
        assert_eq!(found.as_deref(), list, "{source}");
        assert_eq!(said.iter().map(String::as_str).collect::<Vec<_>>(), Vec::from_iter(message), "{source}");
    }
}
