//! `#[versioned(Version, since = V2, before = V3)]`.

mod vocabulary;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::parse::Parser;

pub(crate) use self::vocabulary::VOCABULARY;
use crate::args::{Arguments, Named};
use crate::errors::Errors;
use crate::function::{Function, mentions_impl};
use crate::paths::Runtime;

/// One `#[versioned]`, valid by construction.
pub(crate) struct Model {
    versions: Path,
    range: Range,
}

/// The versions that are answered.
enum Range {
    Only(Ident),
    Between { since: Option<Ident>, before: Option<Ident> },
}

impl Model {
    /// `attribute` is what stands for the whole where something is missing.
    pub(crate) fn parse(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Self> {
        let versions = versions_of(arguments, attribute, errors);
        let mut variant = |key: &str| arguments.take(key).map(|named| (variant_of(&named, errors), named));
        let (only, since, before) = (variant("only"), variant("since"), variant("before"));
        if let (Some((_, only)), Some((_, other))) = (&only, since.as_ref().or(before.as_ref())) {
            let message = format!(
                "`only` is one version, and `{}` bounds several: take one of the two away",
                other.key
            );
            errors.at(&only.key, message);
        }
        if let (Some((Some(since), _)), Some((Some(before), _))) = (&since, &before)
            && since == before
        {
            errors.at(before, format!("this answers nothing: `before` is the first version that is not answered any more; write `only = {since}` for that one"));
        }
        let range = match only {
            Some((only, _)) => Range::Only(only?),
            None => Range::Between { since: bound(since)?, before: bound(before)? },
        };
        Some(Self { versions: versions?, range })
    }

    /// The enum.
    pub(crate) const fn versions(&self) -> &Path {
        &self.versions
    }

    /// Against the function.
    pub(crate) fn check(function: &Function, errors: &Errors) {
        const WHY: &str = "a versioned handler may be one of several behind one name, which is found out without its parameters";
        let params = &function.sig.generics.params;
        if !params.is_empty() {
            errors.at(params, format!("{WHY}: write the types out"));
        }
        for ty in function.argument_types().filter(|ty| mentions_impl(ty)) {
            errors.at(ty, format!("{WHY}: write the type out"));
        }
    }

    /// The policy as a constant expression.
    pub(crate) fn emit(&self, runtime: &Runtime) -> TokenStream {
        let (versioned, versions) = (runtime.item("Versioned"), &self.versions);
        let place = |method: &str, variant: &Ident| {
            let method = Ident::new(method, variant.span());
            quote_spanned!(variant.span()=> .#method(#versions::#variant.__tollgate_place()))
        };
        let range = match &self.range {
            Range::Only(only) => place("only", only),
            Range::Between { since, before } => {
                let before = before.as_ref().map(|before| place("before", before));
                let since = since.as_ref().map(|since| place("since", since));
                quote!(#before #since)
            }
        };
        quote!(#versioned::of::<#versions>() #range)
    }
}

/// What stands first: the enum.
fn versions_of(arguments: &mut Arguments, attribute: &Ident, errors: &Errors) -> Option<Path> {
    const EXAMPLE: &str = "versioned(Version, since = V2)";
    let mut unnamed = arguments.take_positional()?.into_iter();
    let Some(first) = unnamed.next() else {
        if !arguments.is_misunderstood() {
            let message = format!(
                "`versioned` needs to know the versions that there are, an enum with `derive(ApiVersion)`: write `{EXAMPLE}`"
            );
            errors.at(attribute, message);
        }
        return None;
    };
    for further in unnamed {
        errors.at(&further, format!("`versioned` takes one enum, and a range by name: write `{EXAMPLE}`"));
    }
    let path = Path::parse_mod_style.parse2(first.clone());
    if path.is_err() {
        errors.at(&first, format!("this is no enum: write `{EXAMPLE}`"));
    }
    path.ok()
}

/// A variant by its name.
fn variant_of(named: &Named, errors: &Errors) -> Option<Ident> {
    let example = format!("{} = V2", named.key);
    let value = named.value(&example, errors)?;
    if let Ok(variant) = syn::parse2::<Ident>(value.clone()) {
        return Some(variant);
    }
    let path = Path::parse_mod_style.parse2(value.clone()).ok();
    let last = path.and_then(|path| path.segments.last().map(|last| last.ident.to_string()));
    let instead = last.map_or(example, |last| format!("{} = {last}", named.key));
    errors.at(value, format!("`{}` is one of the variants, by its name alone: write `{instead}`", named.key));
    None
}

/// What there is, unless it is wrong.
#[allow(clippy::option_option, reason = "nothing stands there, and something wrong does")]
fn bound(written: Option<(Option<Ident>, Named)>) -> Option<Option<Ident>> {
    match written {
        None => Some(None),
        Some((variant, _)) => variant.map(Some),
    }
}
