//! What the attributes expand to, as files that people review: `cargo xtask ui --overwrite` renews them.
//!
//! The last test reads all of them and holds what makes an expansion thin: it names nothing but the runtime, `core`
//! and the user's own words, and it decides nothing.

mod thin;

use insta::{assert_snapshot, with_settings};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{File, Item, Meta};

use crate::attribute::Attribute;
use crate::call;
use crate::corridor;
use crate::expression::Expression;
use crate::function::Function;
use crate::gate::Documented;
use crate::paths::is_generated;

/// A snapshot for each of what users write; all of them are in `CASES` too.
macro_rules! expansions {
    ($($name:ident: $source:literal)*) => {
        const CASES: &[&str] = &[$($source),*];

        $(
            #[test]
            fn $name() {
                review(stringify!($name), $source, &expand($source));
            }
        )*
    };
}

// After the macro, which they use.
mod called;
mod derived;

expansions! {
    one_attribute: r#"
/// Finds an airport.
#[rate_limited("100/minute")]
pub async fn airport(State(db): State<Db>, Path(iata): Path<Iata>) -> Result<Json<Airport>, NoAirport> {
    Ok(Json(db.find(iata)?))
}
"#

    two_attributes: r#"
#[with_metrics]
#[rate_limited("100/minute")]
async fn health() -> StatusCode {
    StatusCode::NO_CONTENT
}
"#

    no_arguments: "
#[with_metrics]
async fn nothing() {}
"

    four_arguments: "
#[tollgate::with_metrics]
pub(crate) async fn create(
    State(db): State<Db>,
    Extension(user): Extension<User>,
    headers: HeaderMap,
    Json(airport): Json<NewAirport>,
) -> Result<impl IntoResponse, Problem> {
    db.insert(user, &headers, airport).await?;
    Ok(StatusCode::CREATED)
}
"

    every_option: r#"
#[rate_limited("100/minute", burst = 200, key = header("X-Api-Key"), missing = reject, cost = 5, shadow, name = "search")]
#[rate_limited("5/second; 1000/hour", key = tenants::Tenant<'static, Paid>, missing = skip, cost = costs::of_search)]
#[with_metrics]
async fn search(Query(query): Query<Search>) -> Json<Vec<Airport>> {
    Json(query.run())
}
"#

    limits_of_a_fleet: r#"
#[rate_limited("1000/minute", key = principal, tiers = plans::of_principal::<Paid>, on_store_error = closed)]
#[rate_limited("100/minute", burst = 200, algorithm = token_bucket, lease = 20, share = "search", on_store_error = open)]
async fn search() {}
"#

    limit_on_outcome: r#"
#[rate_limited("5/minute", "20/hour", algorithm = sliding_log, charge_on = [401, 403], on_store_error = local)]
async fn login() {}
"#

    versioned_range: "
#[versioned(api::Version, since = V2, before = V4)]
#[with_metrics]
pub(crate) async fn airport_v2(State(db): State<Db>, Path(iata): Path<Iata>) -> Json<Airport> {
    db.find(iata)
}
"

    versioned_only: "
#[versioned(Version, only = V1)]
async fn airport_v1() {}
"

    authorize_alone: "
#[authorize]
async fn handler() {}
"

    authorize_every_option: r#"
#[rate_limited("100/minute")]
#[authorize(check = checks::owns::<Airport>, scope = "airports:write", role = "editor", name = "edit", state = App)]
#[with_metrics]
async fn edit(Path(iata): Path<Iata>, owner: Owner) -> StatusCode {
    StatusCode::NO_CONTENT
}
"#

    authorize_any_role: r#"
#[authorize(any_role = ["reader", "editor"], crate = my_facade::tollgate)]
async fn handler() {}
"#

    cached_for_a_time: r#"
#[cached(ttl = "5m")]
async fn airport(Path(iata): Path<Iata>) -> Json<Airport> {
    find(iata)
}
"#

    cached_every_option: r#"
#[cached(ttl = "5m", key = "{iata}/{language:?}", vary = ["Accept-Language", "x-tenant"], tags = ["airports", "airport:{iata}"],
    stale_while_revalidate = "30s", stale_if_error = "1 day", public, max_body = "256KiB", on_store_error = bypass, lease = "5s",
    name = "airport")]
async fn airport(
    State(db): State<Db>,
    Path(mut iata): Path<Iata>,
    Query(Search { ref language, .. }): Query<Search>,
    headers: HeaderMap,
) -> Result<Json<Airport>, NoAirport> {
    iata.make_upper_case();
    db.find(iata, language)
}
"#

    cached_from_response: r#"
#[cached(from_response, tags = ["proxied"])]
#[authorize(role = "reader")]
async fn proxied(request: Request) -> Response {
    forward(request)
}
"#

    cached_generic: r#"
#[cached(ttl = "5m", key = "{id}")]
async fn find<'a, T: Table + 'static, const N: usize>(Path(id): Path<Id<T>>) -> Page<T, N> {
    T::find(id)
}
"#

    cached_generic_by_path: r#"
#[cached(ttl = "5m")]
async fn find<'a, T: Table + 'static, const N: usize>(Path(id): Path<Id<T>>) -> Page<T, N> {
    T::find(id)
}
"#

    invalidates_every_option: r#"
#[invalidates(tags = ["airports", "airport:{iata}"], keys = ["{iata}"], site = "airport", crate = my_facade::tollgate)]
async fn rename(State(db): State<Db>, Path(iata): Path<Iata>, Json(name): Json<Name>) -> StatusCode {
    db.rename(iata, name)
}
"#

    invalidates_around_cached: r#"
#[cached(ttl = "1h", tags = ["statistics"])]
#[invalidates(site = "airport")]
#[authorize]
#[rate_limited("1/minute")]
#[with_metrics]
async fn statistics() -> Json<Statistics> {
    count()
}
"#

    limits_around_authorize: r#"
#[rate_limited("6/second", key = (principal, header("x-tenant")))]
#[rate_limited("5/second", key = header("x-api-key"), after = authorize, missing = skip)]
#[rate_limited("4/second", key = principal, missing = reject)]
#[authorize]
#[rate_limited("3/second", key = ip, after = authorize, shadow)]
#[rate_limited("2/second", key = global)]
#[rate_limited("1/second")]
async fn handler() {}
"#

    trial_before_authorize: r#"
#[authorize]
#[rate_limited("10/second", after = authorize)]
#[rate_limited("20/second", shadow)]
async fn handler() {}
"#

    key_tuple: r#"
#[rate_limited("10/second", key = (ip, header("x-api-key"), Tenant<Paid, Region>))]
async fn handler() {}
"#

    generic_handler: "
#[with_metrics]
pub async fn list<T, const N: usize>(State(db): State<Db<T>>, page: Page<N>) -> Json<Vec<T>>
where
    T: Table + Send + Sync + 'static,
{
    Json(db.list(page))
}
"

    generic_by_impl: "
#[with_metrics]
async fn list(parts: impl FromRequestParts<()>) -> impl IntoResponse {
    drop(parts);
}
"

    split_of_attributes: r#"
/// Stays outside.
#[deprecated(note = "outside")]
#[allow(unused_variables)]
#[with_metrics]
#[inline]
#[tracing::instrument(skip_all)]
#[cfg_attr(docsrs, doc = "outside")]
#[cfg_attr(debug_assertions, tracing::instrument)]
async fn handler(name: String) {}
"#

    circuit_breaker_bare: "
#[circuit_breaker]
async fn weather() -> Result<Json<Weather>, WeatherError> {
    ask().await
}
"

    circuit_breaker_with_all: r#"
#[circuit_breaker(
    failure_rate = 0.25,
    minimum_calls = 10,
    window = 100,
    slow_call = "1s",
    slow_rate = 1,
    open_for = "5s",
    open_for_growth = 1.5,
    open_for_max = "1m",
    jitter = 0,
    half_open_calls = 5,
    half_open_rate = 0.5,
    half_open_wait = "10s",
    mode = metrics_only,
    is_failure = weather::verdict,
    share = "weather",
)]
async fn weather(Path(station): Path<Station>) -> Result<Json<Weather>, WeatherError> {
    ask(station).await
}
"#

    circuit_breaker_in_a_row: r#"
#[circuit_breaker(consecutive_failures = 5, half_open_rate = 0.5)]
#[timeout("20s")]
async fn weather() {}
"#

    bulkhead_with_all: r#"
#[bulkhead(max_concurrent = 8, queue = 32, wait = "500ms", share = "reports", name = "report")]
async fn report() -> String {
    write().await
}
"#

    fallback_of_head: r#"
#[fallback(stale::weather)]
#[cached(ttl = "1m", stale_if_error = "1h", tags = ["{station}"])]
async fn weather<T: Kind>(State(db): State<Db>, Path(station): Path<Station>) -> Json<Weather<T>> {
    db.ask(station).await
}
"#

    fallback_of_body: "
#[tollgate::fallback(self::name)]
async fn create(State(db): State<Db>, airport: Result<Json<NewAirport>, JsonRejection>) -> StatusCode {
    db.insert(airport?).await
}
"

    raw_identifier: "
#[with_metrics]
async fn r#match() {}
"

    crate_path: r#"
#[rate_limited("1/second", crate = my_facade::tollgate)]
async fn handler(body: String) -> String {
    body
}
"#

    absorbed_siblings: r#"
#[with_metrics]
#[attributes::rate_limited("1/second")]
#[tollgate::rate_limited("1/minute", key = global)]
async fn handler() {}
"#

    utoipa_above: r#"
#[utoipa::path(get, path = "/airports/{iata}", responses((status = 200, body = Airport)))]
#[rate_limited("100/minute")]
async fn airport(iata: Iata) -> Result<Json<Airport>, NoAirport> {
    find(iata)
}
"#

    utoipa_below: r#"
#[rate_limited("100/minute")]
#[utoipa::path(get, path = "/airports/{iata}", responses((status = 200, body = Airport)))]
#[tracing::instrument]
async fn airport(Path(iata): Path<Iata>) -> Result<Json<Airport>, NoAirport> {
    find(iata)
}
"#

    cfg_attr_below: r#"
#[with_metrics]
#[cfg_attr(feature = "limits", rate_limited("100/minute"))]
#[cfg(unix)]
async fn handler() {}
"#

    wrong_arguments: r#"
#[rate_limited("100/minuet", shadow = true)]
#[with_metrics]
#[inline]
pub async fn handler(Path(name): Path<String>) -> String {
    name
}
"#

    no_handler: r#"
/// Takes a reference.
#[rate_limited("100/minute")]
#[inline]
pub fn handler(name: &str) -> String {
    name.to_owned()
}
"#

    method: "
#[with_metrics]
async fn method(&self) {}
"

    no_function: "
#[with_metrics]
struct Airport;
"
}

#[test]
fn items_of_several_handlers_are_handlers() {
    let cases = [
        ("versions_of_two", "/// Looks up.\npub airport = [v1::airport, airport_v2], holes = [V3]"),
        (
            "versions_converted",
            "runway = [runway_v3], V2 = convert(request = up_v2, response = down_v2), V1 = convert(request = v1::up)",
        ),
        ("versions_of_several", "crate = my_facade::tollgate; one = [one_v1]; two = [two_v1]"),
        ("versions_wrong", "airport = [airport_v1, airport_v1], hole = [V1]"),
    ];
    for (name, arguments) in cases {
        let expanded =
            prettyplease::unparse(&syn::parse2(corridor::item(arguments.parse().unwrap())).unwrap());
        review(name, &format!("versions! {{ {arguments} }}"), &expanded);
        let found = thin::faults(&format!("versions! {{ {arguments} }}"), &expanded);
        assert!(found.is_empty(), "{found:#?} in the expansion of {arguments}");
    }
}

#[test]
fn rates_are_a_constant_wherever_they_stand() {
    let cases = [
        ("rates_of_one", r#""100/minute", burst = 200"#),
        ("rates_of_several", r#""5/second; 100/minute", "1000/2h", crate = my_facade::tollgate"#),
        ("rates_wrong", r#""100/minuet", brust = 200"#),
    ];
    for (name, arguments) in cases {
        let expanded = corridor::expression(Expression::Rates, arguments.parse().unwrap());
        let expanded = prettyplease::unparse(&syn::parse2(quote!(const RATES: Rates = #expanded;)).unwrap());
        review(name, &format!("const RATES: Rates = rates!({arguments});"), &expanded);
        let known = "const RATES: Rates = my_facade;";
        let found = thin::faults(known, &expanded);
        assert!(found.is_empty(), "{found:#?} in the expansion of {arguments}");
    }
}

#[test]
fn the_order_of_attributes_makes_no_difference() {
    const HANDLER: &str = "async fn handler(body: String) -> String { body }";
    const FIRST: &str = "#[with_metrics]";
    const SECOND: &str = "#[authorize(role = \"editor\")]";
    const THIRD: &str = "#[rate_limited(\"1/second\")]";
    const FOURTH: &str = "#[cached(ttl = \"1s\")]";
    const FIFTH: &str = "#[invalidates(tags = [\"all\"])]";
    const REST: [&str; 4] = [
        "#[circuit_breaker]",
        "#[bulkhead(max_concurrent = 1)]",
        "#[timeout(\"2s\")]",
        "#[fallback(instead)]",
    ];
    let expansion = |attributes: [&str; 5], rest: [&str; 4]| {
        without_questions(&expand(&format!("{} {} {HANDLER}", rest.concat(), attributes.concat())))
    };
    let expected = expansion([FIRST, SECOND, THIRD, FOURTH, FIFTH], REST);
    let [breaker, bulkhead, timeout, fallback] = REST;
    for (attributes, rest) in [
        ([FIRST, THIRD, FIFTH, FOURTH, SECOND], [bulkhead, fallback, breaker, timeout]),
        ([FOURTH, SECOND, THIRD, FIRST, FIFTH], [timeout, bulkhead, fallback, breaker]),
        ([FIFTH, FOURTH, THIRD, SECOND, FIRST], [fallback, breaker, timeout, bulkhead]),
    ] {
        assert_eq!(expansion(attributes, rest), expected);
    }
}

#[test]
fn utoipa_has_had_its_turn() {
    let postponed = expand(
        r#"
#[rate_limited("100/minute")]
#[utoipa::path(get, path = "/")]
#[tracing::instrument]
async fn handler() -> Json<Airport> {}
"#,
    );
    let resolved = postponed.replace(r#"#[utoipa::path(get, path = "/")]"#, "");
    review("utoipa_has_had_its_turn", &resolved, &expand(&resolved));
}

#[test]
fn cfg_attr_has_been_resolved() {
    const CFG_ATTR: &str = r#"#[cfg_attr(feature = "limits", rate_limited("100/minute"))]"#;
    let postponed = expand(&format!("#[with_metrics] {CFG_ATTR} async fn handler() {{}}"));
    for (name, instead) in [("cfg_attr_on", r#"#[rate_limited("100/minute")]"#), ("cfg_attr_off", "")] {
        let resolved = postponed.replace(CFG_ATTR, instead);
        assert_ne!(resolved, postponed);
        review(name, &resolved, &expand(&resolved));
    }
}

#[test]
fn expansions_name_what_they_may_and_decide_nothing() {
    for source in CASES {
        let found = thin::faults(source, &expand(source));
        assert!(found.is_empty(), "{found:#?} in the expansion of {source}");
    }
}

/// Expands the first attribute of ours, or the gate that one has left, as the compiler would; utoipa above has had its
/// turn by then.
fn expand(source: &str) -> String {
    let tokens: TokenStream = source.parse().unwrap();
    let Ok(mut function) = syn::parse2::<Function>(tokens) else { return expand_other(source) };
    let is_called = |attribute: &syn::Attribute| call::Attribute::of_full_path(attribute.path()).is_some();
    let is_ours = |attribute: &syn::Attribute| {
        is_gate(attribute) || is_called(attribute) || kind_of(attribute).is_some()
    };
    let place = function.attrs.iter().position(is_ours).unwrap();
    let below = function.attrs.split_off(place + 1);
    let attribute = function.attrs.pop().unwrap();
    function.attrs.retain(|above| above.path().segments.last().is_none_or(|last| last.ident != "path"));
    function.attrs.extend(below);
    expand_as(&attribute, &function.to_token_stream())
}

/// The same for an item that is no function.
fn expand_other(source: &str) -> String {
    let Ok(Item::Struct(mut item)) = syn::parse_str::<Item>(source) else { panic!("{source}") };
    let attribute = item.attrs.remove(0);
    expand_as(&attribute, &item.to_token_stream())
}

fn expand_as(attribute: &syn::Attribute, item: &TokenStream) -> String {
    let arguments = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    let called = call::Attribute::of_full_path(attribute.path());
    let expanded = match kind_of(attribute) {
        _ if is_generated(attribute.path(), "calls") => call::postponed(arguments, item),
        _ if called.is_some() => called.map(|kind| call::attribute(kind, arguments, item)).unwrap(),
        Some(kind) => corridor::attribute(kind, arguments, item),
        None if is_generated(attribute.path(), "gate") => {
            corridor::gate(arguments, item, Documented::Unknown)
        }
        None => corridor::gate(arguments, item, Documented::Yes),
    };
    prettyplease::unparse(&syn::parse2(expanded).unwrap())
}

fn kind_of(attribute: &syn::Attribute) -> Option<Attribute> {
    Attribute::of_path(attribute.path())
}

fn is_gate(attribute: &syn::Attribute) -> bool {
    ["gate", "gate_documented", "calls"].iter().any(|name| is_generated(attribute.path(), name))
}

/// An expansion without the questions who an attribute is, which go by the order of attributes.
fn without_questions(expanded: &str) -> String {
    let mut file: File = syn::parse_str(expanded).unwrap();
    file.items.retain(
        |item| !matches!(item, Item::Fn(function) if function.sig.ident.to_string().starts_with("__tollgate")),
    );
    prettyplease::unparse(&file)
}

/// What was written and what it becomes, in one file.
fn review(name: &str, source: &str, expanded: &str) {
    let source = source.trim();
    with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        assert_snapshot!(name, format!("{source}\n\n// becomes\n\n{expanded}"));
    });
}
