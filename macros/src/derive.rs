//! The derives there are.

/// One of our derives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Derive {
    ApiError,
    ApiVersion,
    Paginate,
}

impl Derive {
    /// Its name, which is also that of its trait within `tollgate`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ApiError => "ApiError",
            Self::ApiVersion => "ApiVersion",
            Self::Paginate => "Paginate",
        }
    }

    /// The attribute by which types, variants and fields say more.
    pub(crate) const fn attribute(self) -> &'static str {
        match self {
            Self::ApiError => "api_error",
            Self::ApiVersion => "version",
            Self::Paginate => "paginate",
        }
    }
}
