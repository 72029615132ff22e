//! What generated code may name. Nothing in here is part of the public surface.

pub use axum::extract::FromRequestParts;
pub use axum::response::{IntoResponse, Response};
pub use http::HeaderName;
pub use http::request::Parts;
pub use linkme;
#[cfg(feature = "openapi")]
pub use utoipa;

pub use crate::__document as document;
pub use crate::__document_error as document_error;
pub use crate::__document_item as document_item;
pub use crate::__register_paging as register_paging;
pub use crate::authorize::Authorize;
pub use crate::bulkhead::Bulkhead;
pub use crate::cache::codec::{Bare, Weighed, Written};
pub use crate::cache::{Cached, CachedCall, Freshness, Invalidates, OnCacheError};
pub use crate::call::attempt::Attempted;
pub use crate::call::attempts::{Attempts, asks_for_nothing, errors_are_failures, every_error};
pub use crate::call::cached::{Looked, Miss, cached};
pub use crate::call::fallback::{FallsBack, fell_back};
pub use crate::call::handle::controlled;
pub use crate::call::invalidates::invalidated;
pub use crate::call::keys::KeyBytes;
pub use crate::call::marks::CallMarks;
pub use crate::call::measured::measured;
pub use crate::call::rejection::{Fallible, FromRejected, Refusable};
pub use crate::call::retries::repeated;
pub use crate::call::run::{hint, once};
pub use crate::call::shape::{
    Cacheable, HasErrors, HasNone, Rest, RestOfAny, RestOfClones, Returns, Shape, ShapeOfAny, ShapeOfEither,
    ShapeOfResultOfOption, Sharing,
};
pub use crate::call::site::{Call, CallSite, KeyParts, Limited};
pub use crate::circuit_breaker::{CircuitBreaker, Judge, Rule as BreakerRule, Window};
pub use crate::core::Verdict;
pub use crate::core::{ApiVersion, VERSION_ITEMS, VersionInfo, VersionItem, VersionTable};
pub use crate::core::{CONTROLS, Control, ERROR_TYPES, ErrorKind, ErrorLog, ErrorType, Origin, SITES, Site};
pub use crate::errors::{ApiError, ErrorHeader, ErrorMember, IsError, Occurred, Transparent, kinds, respond};
#[cfg(feature = "openapi")]
pub use crate::errors::{
    DocumentedError, DocumentedKind, Inner, OfDocumented, OfKinds, SchemaKnown, SchemaUnknown, Schematic,
    add_problem_schemas, documented_kinds, error_responses,
};
pub use crate::fallback::Fallback;
pub use crate::gate::*;
pub use crate::http::Problem;
#[cfg(feature = "openapi")]
pub use crate::http::answers::Answers;
#[cfg(feature = "openapi")]
pub use crate::http::components::{MEMBER_SCHEMAS, MemberSchemas, Schemas};
pub use crate::limit_layer::{LimitSet, limit_entries};
pub use crate::metrics::WithMetrics;
pub use crate::pages::{
    FieldSpec, PAGE_TYPES, PageField, PageFieldType, PageStyle, PageType, PageValue, Paginate, Paging,
    optional_text_value, parse_text, text_value,
};
pub use crate::retry::Retry;
pub use crate::timeout::Timeout;
pub use crate::versioning::Versioned;
#[cfg(feature = "openapi")]
pub use crate::versioning::bodies::{KnownBody, UnknownBody, given, taken};
#[cfg(feature = "openapi")]
pub use crate::versioning::openapi::{
    ConvertedOperation, ITEM_OPERATIONS, ItemOperations, MemberOperation, newest, of_first,
};
// Named by benchmarks alone.
pub use crate::cache::Shelf;
pub use crate::rate_limit::Limiter;
#[cfg(feature = "redis")]
pub use crate::rate_limit::SharedLimiter;
pub use crate::rate_limit::{
    Algorithm, Cost, KeySource, Limit, Missing, OnStoreError, Rate, RateLimitKey, Rates,
};
pub use tollgate_macros::{called, calls, gate, gate_documented, inner};

/// Documents the gate of a handler; nothing where the feature `openapi` is off.
///
/// * `direct`: `#[utoipa::path]` was seen below our attributes, so its `__path_handler` stands beside the gate.
///   The inherent `operation` wins over the trait's, which is what utoipa's macros call unqualified.
/// * `either`: it may stand above, or nowhere. A glob import brings in a `__path_handler` that loses against
///   utoipa's explicit one, and only takes the place of a missing one.
#[cfg(not(feature = "openapi"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __document {
    ($($anything:tt)*) => {};
}

/// Documents the gate of a handler.
#[cfg(feature = "openapi")]
#[macro_export]
#[doc(hidden)]
macro_rules! __document {
    (direct $path:ident $gate:ident [$($returned:ty)?] [$($argument:ty),* $(,)?]) => {
        #[doc(hidden)]
        impl $path {
            #[allow(dead_code, clippy::same_name_method, reason = "it wins over the trait's, which is the purpose")]
            pub fn operation() -> $crate::__private::utoipa::openapi::path::Operation {
                #[allow(unused_imports)]
                use $crate::__private::{
                    Documented as _, DocumentedArgument as _, KnownInput as _, NoPage as _, PageOfAny as _,
                    PageOfKnown as _, Undocumented as _, UndocumentedArgument as _, UnknownInput as _,
                };
                let operation = <Self as $crate::__private::utoipa::Path>::operation();
                #[allow(unused_mut)]
                let mut answers = $crate::__private::Answers::new();
                $(
                    (&$crate::__private::Argument::<$argument>::new()).add_answers(&mut answers);
                    (&$crate::__private::Argument::<$argument>::new()).add_input(&mut answers);
                )*
                $(
                    (&$crate::__private::Returned::<$returned>::new()).add_errors(&mut answers);
                    (&&$crate::__private::Returned::<$returned>::new()).add_page(&mut answers);
                )?
                let methods = <Self as $crate::__private::utoipa::Path>::methods();
                $crate::__private::document::<$gate>(answers.document(operation), &methods)
            }

            #[allow(dead_code, clippy::same_name_method, reason = "it wins over the trait's, which is the purpose")]
            pub fn schemas(schemas: &mut $crate::__private::Schemas) {
                <Self as $crate::__private::SchemaReferences>::schemas(schemas);
                $crate::__private::schemas(&Self::operation(), schemas);
            }

            #[allow(unused_variables, unused_imports)]
            fn __tollgate_schemas(schemas: &mut $crate::__private::Schemas) {
                // `derive(OpenApi)` does not ask the gate, and one handler may refer to what another brings along.
                #[$crate::__private::linkme::distributed_slice($crate::__private::MEMBER_SCHEMAS)]
                #[linkme(crate = $crate::__private::linkme)]
                static SCHEMAS: $crate::__private::MemberSchemas = $path::__tollgate_schemas;
                use $crate::__private::{
                    DocumentedArgument as _, DocumentedMembers as _, KnownInput as _, NoPage as _, PageOfAny as _,
                    PageOfKnown as _, UndocumentedArgument as _, UndocumentedMembers as _, UnknownInput as _,
                };
                $(
                    (&$crate::__private::Argument::<$argument>::new()).add_answer_schemas(schemas);
                    (&$crate::__private::Argument::<$argument>::new()).add_input_schemas(schemas);
                )*
                $(
                    (&$crate::__private::Returned::<$returned>::new()).add_schemas(schemas);
                    (&&$crate::__private::Returned::<$returned>::new()).add_page_schemas(schemas);
                )?
            }
        }
    };
    (either $module:ident $path:ident $gate:ident [$($returned:ty)?] [$($argument:ty),* $(,)?]) => {
        #[doc(hidden)]
        #[allow(non_snake_case)]
        mod $module {
            #[derive(Debug)]
            #[allow(non_camel_case_types, clippy::exhaustive_structs)]
            pub struct $path;

            /// Reached by nothing: utoipa's macros also ask for `Tags`, which this does not implement.
            impl $crate::__private::utoipa::Path for $path {
                fn methods() -> ::std::vec::Vec<$crate::__private::utoipa::openapi::path::HttpMethod> {
                    ::std::vec::Vec::new()
                }
                fn path() -> ::std::string::String {
                    ::std::string::String::new()
                }
                fn operation() -> $crate::__private::utoipa::openapi::path::Operation {
                    ::core::default::Default::default()
                }
            }
            impl $crate::__private::SchemaReferences for $path {
                fn schemas(
                    _: &mut ::std::vec::Vec<(
                        ::std::string::String,
                        $crate::__private::utoipa::openapi::RefOr<$crate::__private::utoipa::openapi::schema::Schema>,
                    )>,
                ) {
                }
            }
        }
        #[allow(unused_imports)]
        use $module::*;
        $crate::__private::document! { direct $path $gate [$($returned)?] [$($argument),*] }
    };
}

#[cfg(feature = "openapi")]
pub use utoipa::__dev::SchemaReferences;

/// Documents an item of `versions!`; nothing where the feature `openapi` is off.
///
/// `[visibility] "name" __path_item [__path_handler => __gate_handler, ..] [(place, newest, [function of requests], [function of answers]), ..]`. A
/// handler without `#[utoipa::path]` has a stand-in there, and the
/// item then is no more documented than the handler: the bounds hold for a lifetime, so that they are asked where somebody needs them.
#[cfg(not(feature = "openapi"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __document_item {
    ($($anything:tt)*) => {};
}

/// Documents an item of `versions!`.
#[cfg(feature = "openapi")]
#[macro_export]
#[doc(hidden)]
macro_rules! __document_item {
    (
        [$($vis:tt)*] $name:literal $path:ident [$($member:ty => $gate:ty),* $(,)?]
        [$(($place:expr, $newest:expr, [$($request:expr)?], [$($response:expr)?])),* $(,)?]
    ) => {
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug)]
        #[allow(non_camel_case_types, dead_code, clippy::exhaustive_structs)]
        $($vis)* struct $path;

        const _: () = {
            use $crate::__private::utoipa::{self, openapi::path::{HttpMethod, Operation}};

            fn members() -> ::std::vec::Vec<$crate::__private::MemberOperation> {
                ::std::vec![$($crate::__private::MemberOperation {
                    site: <$gate as $crate::__private::Guarded>::site(),
                    versioned: <$gate as $crate::__private::Guarded>::POLICIES.version(),
                    operation: <$member>::operation,
                    name: $name,
                }),*]
            }

            #[allow(unused_imports, unused_variables)]
            fn converted() -> ::std::vec::Vec<$crate::__private::ConvertedOperation> {
                use $crate::__private::{KnownBody as _, UnknownBody as _};
                ::std::vec![$($crate::__private::ConvertedOperation {
                    place: $place,
                    newest: $newest,
                    describe: |operation| {
                        $((&$crate::__private::taken($request)).describe_request(operation);)?
                        $((&$crate::__private::given($response)).describe_response(operation);)?
                    },
                }),*]
            }

            #[$crate::__private::linkme::distributed_slice($crate::__private::ITEM_OPERATIONS)]
            #[linkme(crate = $crate::__private::linkme)]
            static OPERATIONS: fn() -> $crate::__private::ItemOperations =
                || $crate::__private::ItemOperations { members: members(), converted: converted() };

            impl utoipa::Path for $path {
                fn methods() -> ::std::vec::Vec<HttpMethod> {
                    $crate::__private::of_first([$(<$member as utoipa::Path>::methods),*])
                }

                fn path() -> ::std::string::String {
                    $crate::__private::of_first([$(<$member as utoipa::Path>::path),*])
                }

                fn operation() -> Operation {
                    $crate::__private::newest(&members())
                }
            }

            impl<'t> utoipa::__dev::Tags<'t> for $path
            where
                $($member: utoipa::__dev::Tags<'t>,)*
            {
                fn tags() -> ::std::vec::Vec<&'t str> {
                    $crate::__private::of_first([$(<$member as utoipa::__dev::Tags<'t>>::tags),*])
                }
            }

            impl $crate::__private::SchemaReferences for $path {
                fn schemas(schemas: &mut $crate::__private::Schemas) {
                    #[allow(unused_imports)]
                    use $crate::__private::{KnownBody as _, UnknownBody as _};
                    $(<$member>::schemas(schemas);)*
                    $(
                        $((&$crate::__private::taken($request)).add_body_schemas(schemas);)?
                        $((&$crate::__private::given($response)).add_body_schemas(schemas);)?
                    )*
                }
            }
        };
    };
}

/// Documents a type that derives `ApiError`; nothing where the feature `openapi` is off.
///
/// `[generics] [type] [where clause] kinds { "member": Type, .. } .. transparent [Inner => kinds, ..]`, the members of one kind after those
/// of the other.
#[cfg(not(feature = "openapi"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __document_error {
    ($($anything:tt)*) => {};
}

/// Documents a type that derives `ApiError`.
#[cfg(feature = "openapi")]
#[macro_export]
#[doc(hidden)]
macro_rules! __document_error {
    (
        [$($generics:tt)*] [$error:ty] [$($bounds:tt)*] $kinds:ident
        $({ $($member:literal : $member_type:ty),* $(,)? })*
        transparent [$($inner:ty => $inner_kinds:expr),* $(,)?]
    ) => {
        #[automatically_derived]
        #[allow(unused_imports, reason = "of two traits the compiler takes the one that holds")]
        impl $($generics)* $crate::__private::DocumentedError for $error $($bounds)* {
            fn documented() -> ::std::vec::Vec<$crate::__private::DocumentedKind> {
                use $crate::__private::{OfDocumented as _, OfKinds as _, SchemaKnown as _, SchemaUnknown as _};
                #[allow(unused_mut)]
                let mut kinds = $crate::__private::documented_kinds(
                    $kinds,
                    [$(::std::vec![$(($member, (&$crate::__private::Schematic::<$member_type>::new()).schema())),*]),*],
                );
                $(::std::iter::Extend::extend(
                    &mut kinds,
                    (&$crate::__private::Inner::<$inner>::new($inner_kinds)).documented(),
                );)*
                kinds
            }

            #[allow(unused_variables)]
            fn member_schemas(
                schemas: &mut ::std::vec::Vec<(
                    ::std::string::String,
                    $crate::__private::utoipa::openapi::RefOr<$crate::__private::utoipa::openapi::schema::Schema>,
                )>,
            ) {
                use $crate::__private::{OfDocumented as _, OfKinds as _, SchemaKnown as _, SchemaUnknown as _};
                $($((&$crate::__private::Schematic::<$member_type>::new()).nested(schemas);)*)*
                $((&$crate::__private::Inner::<$inner>::new($inner_kinds)).member_schemas(schemas);)*
                $crate::__private::add_problem_schemas(&<Self as $crate::__private::DocumentedError>::documented(), schemas);
            }
        }

        $crate::__private::document_error! { @register [$($generics)*] [$error] }

        #[automatically_derived]
        impl $($generics)* $crate::__private::utoipa::IntoResponses for $error $($bounds)* {
            fn responses() -> ::std::collections::BTreeMap<
                ::std::string::String,
                $crate::__private::utoipa::openapi::RefOr<$crate::__private::utoipa::openapi::response::Response>,
            > {
                $crate::__private::error_responses(&<Self as $crate::__private::DocumentedError>::documented())
            }
        }
    };
    // For documents of `derive(OpenApi)`, which collects no schemas by itself.
    (@register [] [$error:ty]) => {
        const _: () = {
            #[$crate::__private::linkme::distributed_slice($crate::__private::MEMBER_SCHEMAS)]
            #[linkme(crate = $crate::__private::linkme)]
            static SCHEMAS: $crate::__private::MemberSchemas =
                <$error as $crate::__private::DocumentedError>::member_schemas;
        };
    };
    (@register [$($generics:tt)+] [$error:ty]) => {};
}

/// Tells the linker of an item that is asked for in pages.
#[macro_export]
#[doc(hidden)]
macro_rules! __register_paging {
    ($paging:expr) => {
        #[$crate::__private::linkme::distributed_slice($crate::__private::PAGE_TYPES)]
        #[linkme(crate = $crate::__private::linkme)]
        static __PAGING: $crate::__private::PageType =
            $crate::__private::PageType::new(::core::module_path!(), &$paging);
    };
}
