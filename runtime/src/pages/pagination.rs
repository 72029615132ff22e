//! A page as it was asked for.

use std::marker::PhantomData;

use futures_core::Stream;

use super::page::{Page, Total};
use super::paging::{PageStyle, Paginate};
use super::value::{Direction, PageValue};

/// A page of items as it was asked for: an extractor.
pub struct Pagination<T> {
    item: PhantomData<fn() -> T>,
}

impl<T: Paginate> Pagination<T> {
    /// How pages of this item are asked for.
    #[must_use]
    pub const fn style(&self) -> PageStyle {
        T::PAGING.page_style()
    }

    /// The rows that the page has at most.
    #[must_use]
    pub fn limit(&self) -> u64 {
        20
    }

    /// One row more than the page has: whoever fetches that many knows whether there is another page.
    #[must_use]
    pub fn fetch_limit(&self) -> u64 {
        self.limit() + 1
    }

    /// The rows to skip; `None` where a cursor says where to begin.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        None
    }

    /// By what the page is sorted; the key, which breaks ties, is always there and last.
    pub fn sort(&self) -> impl Iterator<Item = (&'static str, Direction)> {
        std::iter::empty()
    }

    /// What rows must be equal to.
    pub fn filters(&self) -> impl Iterator<Item = (&'static str, &PageValue<'static>)> {
        std::iter::empty()
    }

    /// What rows must be equal to in one field.
    #[must_use]
    pub fn filter(&self, name: &str) -> Option<&PageValue<'static>> {
        self.filters().find_map(|(field, value)| (field == name).then_some(value))
    }

    /// Where a cursor stands: the values of the row behind which the page begins, in the order of [`sort`](Self::sort).
    #[must_use]
    pub fn bound(&self) -> Option<&[PageValue<'static>]> {
        None
    }

    /// Whether rows are to be fetched from the bound, or the end, backward.
    #[must_use]
    pub fn is_backward(&self) -> bool {
        false
    }

    /// Does not count what a slice, an iterator or a stream holds.
    #[must_use]
    pub fn without_total(self) -> Self {
        self
    }

    /// The page of a slice.
    pub fn slice(&self, _rows: &[T]) -> Page<T>
    where
        T: Clone,
    {
        Page::empty()
    }

    /// The page of whatever can be gone through.
    pub fn iter(&self, _rows: impl IntoIterator<Item = T>) -> Page<T> {
        Page::empty()
    }

    /// The page of a stream.
    pub async fn stream(&self, rows: impl Stream<Item = T>) -> Page<T> {
        drop(rows);
        std::future::ready(Page::empty()).await
    }

    /// The page of a stream that may fail.
    ///
    /// # Errors
    /// The first of the stream's.
    pub async fn try_stream<E>(&self, rows: impl Stream<Item = Result<T, E>>) -> Result<Page<T>, E> {
        drop(rows);
        std::future::ready(Ok(Page::empty())).await
    }

    /// The page of rows that were fetched as it was asked for.
    pub fn page(&self, _rows: Vec<T>, _total: Total) -> Page<T> {
        Page::empty()
    }
}

impl<T> std::fmt::Debug for Pagination<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pagination").finish_non_exhaustive()
    }
}
