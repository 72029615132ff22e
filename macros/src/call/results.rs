//! What a function has to return whose calls can be refused.

use syn::Type;

use crate::args::spelling;
use crate::errors::Errors;
use crate::function::Function;

/// Types that certainly are no `Result`, by the names under which everybody knows them.
const KNOWN: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16", "u32",
    "u64", "u128", "usize", "String", "Vec", "Option", "Box", "Rc", "Arc", "HashMap", "BTreeMap", "HashSet",
    "BTreeSet", "PathBuf", "Duration",
];

/// Why a function returns a `Result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Because {
    /// Its calls may be refused.
    Refused,
    /// Something is done about its failures.
    Failed,
}

/// Refuses what certainly is no `Result`. Everything else is for the compiler to say, so that aliases work.
pub(super) fn check(because: Because, returned: Option<&Type>, function: &Function, errors: &Errors) {
    let (why, which) = match because {
        Because::Refused => ("a refused call is", ", where the error can be made from `tollgate::Rejected`"),
        Because::Failed => ("a failure is", ""),
    };
    let why = format!("{why} an error, so this function returns a `Result`");
    match returned {
        None => errors.at(&function.sig.ident, format!("{why}: write `-> Result<(), Error>`{which}")),
        Some(ty) if is_no_result(ty) => {
            let written = spelling(ty);
            errors.at(ty, format!("{why}: write `-> Result<{written}, Error>`{which}"));
        }
        Some(_) => {}
    }
}

fn is_no_result(ty: &Type) -> bool {
    match ty {
        Type::Array(_)
        | Type::FnPtr(_)
        | Type::ImplTrait(_)
        | Type::Ptr(_)
        | Type::Reference(_)
        | Type::Slice(_)
        | Type::TraitObject(_)
        | Type::Tuple(_) => true,
        Type::Group(group) => is_no_result(&group.elem),
        Type::Paren(paren) => is_no_result(&paren.elem),
        Type::Path(path) if path.qself.is_none() => {
            path.path.segments.last().is_some_and(|last| KNOWN.iter().any(|known| last.ident == known))
        }
        _ => false,
    }
}

/// The `E` of what is written as `Result<_, E>`, which is where it is reported that a refusal cannot become one.
pub(super) fn error_of(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Group(group) => error_of(&group.elem),
        Type::Paren(paren) => error_of(&paren.elem),
        _ => crate::function::error_of_result(ty),
    }
}
