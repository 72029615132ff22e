//! A page as it was asked for, and the ways to get its rows.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;

use futures_core::Stream;

use super::asked::{Asked, Context, Window};
use super::cursor::Site;
use super::cut::Cut;
use super::links::Target;
use super::page::{Page, Total};
use super::paging::{PageStyle, Paginate, Paging};
use super::query::Query;
use super::settings::PageSettings;
use super::value::{Direction, PageValue};
use crate::http::Problem;

/// A page of items as it was asked for: an extractor, whose refusal is a [`Problem`] (400) that names every parameter that is
/// wrong.
///
/// What may be asked for is what `#[paginate(..)]` on the item says. Of a slice, an iterator or a stream it makes the page itself;
/// who has a database asks it for [`fetch_limit`](Self::fetch_limit) rows, and hands them to [`page`](Self::page).
#[must_use = "a page that was asked for is to be answered"]
pub struct Pagination<T> {
    pub(super) asked: Asked,
    pub(super) target: Target,
    /// What cursors are made for.
    pub(super) path: String,
    pub(super) settings: Arc<PageSettings>,
    /// When it was asked for, in seconds since 1970.
    pub(super) now: u64,
    pub(super) is_counted: bool,
    item: PhantomData<fn() -> T>,
}

impl<T: Paginate> Pagination<T> {
    /// A constant behind a reference.
    pub(super) const PAGING: &'static Paging = &T::PAGING;

    /// Reads what a request asks for.
    pub(crate) fn read(
        path: &str,
        query: Option<&str>,
        settings: &Arc<PageSettings>,
        now: u64,
    ) -> Result<Self, Problem> {
        let mut query = Query::of(query, Self::PAGING);
        let target = Target::new(settings.base_url(), path, std::mem::take(&mut query.others));
        let site = Site { path, paging: Self::PAGING, parse: T::parse };
        let asked = Asked::of(query, &Context { site, settings, now })?;
        let (path, settings) = (path.to_owned(), Arc::clone(settings));
        Ok(Self { asked, target, path, settings, now, is_counted: true, item: PhantomData })
    }

    /// How pages of this item are asked for.
    #[must_use]
    pub const fn style(&self) -> PageStyle {
        Self::PAGING.page_style()
    }

    /// The rows that the page has at most.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.asked.limit.into()
    }

    /// One row more than the page has: whoever fetches that many knows whether there is another page.
    #[must_use]
    pub fn fetch_limit(&self) -> u64 {
        self.limit() + 1
    }

    /// The rows to skip; `None` where a cursor says where to begin.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        match self.asked.window {
            Window::Page(page) => Some((page - 1) * self.limit()),
            Window::Offset(offset) => Some(offset),
            Window::Cursor { .. } => None,
        }
    }

    /// By what the page is sorted, the most important field first. The key, which breaks ties, is there in any case, and last.
    ///
    /// What is absent comes last, in either direction: `NULLS LAST`.
    pub fn sort(&self) -> impl Iterator<Item = (&'static str, Direction)> {
        let name = |place: u8| Self::PAGING.fields()[usize::from(place)].name();
        self.asked.order.keys().iter().map(move |key| (name(key.place), key.direction))
    }

    /// What rows must be equal to.
    pub fn filters(&self) -> impl Iterator<Item = (&'static str, &PageValue<'static>)> {
        let name = |place: u8| Self::PAGING.fields()[usize::from(place)].name();
        self.asked.filters.iter().map(move |filter| (name(filter.place), &filter.value))
    }

    /// What rows must be equal to in one field.
    #[must_use]
    pub fn filter(&self, name: &str) -> Option<&PageValue<'static>> {
        self.filters().find_map(|(field, value)| (field == name).then_some(value))
    }

    /// Where a cursor stands: the values of a row in the fields of [`sort`](Self::sort), behind which the page begins, or, where
    /// it [is backward](Self::is_backward), before which it ends. `None` where there is no such row: the page begins with the first
    /// row, or ends with the last one.
    #[must_use]
    pub fn bound(&self) -> Option<&[PageValue<'static>]> {
        match &self.asked.window {
            Window::Cursor { bound, .. } => bound.as_deref(),
            Window::Page(_) | Window::Offset(_) => None,
        }
    }

    /// Whether rows are to be fetched backward: from the bound, or the last row, on towards the first, in the opposite of the
    /// order of [`sort`](Self::sort), so that what is absent comes first.
    #[must_use]
    pub const fn is_backward(&self) -> bool {
        matches!(self.asked.window, Window::Cursor { is_backward: true, .. })
    }

    /// Does not count the rows of a slice, an iterator or a stream: the answer says `"total": null`.
    pub fn without_total(mut self) -> Self {
        self.is_counted = false;
        self
    }

    /// The page of a slice: filtered, sorted and cut by reference; only its own rows are cloned.
    ///
    /// A slice that is in the order asked for already, and not filtered, is cut without being sorted.
    pub fn slice(&self, rows: &[T]) -> Page<T>
    where
        T: Clone,
    {
        if self.asked.filters.is_empty() && rows.is_sorted_by(|one, other| self.forward(one, other).is_lt()) {
            return self.page(self.cut_sorted(rows), self.counted(rows.len()));
        }
        let compare = |one: &&T, other: &&T| self.compare(one, other);
        let mut sieve = Sieve::new(self, &compare);
        for row in rows {
            sieve.offer(row);
        }
        let (rows, total) = sieve.finish();
        self.page(rows.into_iter().cloned().collect(), total)
    }

    /// The page of whatever can be gone through, in any order: filtered, sorted and cut, with no more rows in memory than are
    /// skipped and shown.
    #[allow(
        clippy::iter_not_returning_iterator,
        reason = "it is named for what it takes, as `slice` and `stream` are"
    )]
    pub fn iter(&self, rows: impl IntoIterator<Item = T>) -> Page<T> {
        let compare = |one: &T, other: &T| self.compare(one, other);
        let mut sieve = Sieve::new(self, &compare);
        for row in rows {
            sieve.offer(row);
        }
        let (rows, total) = sieve.finish();
        self.page(rows, total)
    }

    /// The page of a stream, as [`iter`](Self::iter) makes it.
    pub async fn stream(&self, rows: impl Stream<Item = T>) -> Page<T> {
        let compare = |one: &T, other: &T| self.compare(one, other);
        let mut sieve = Sieve::new(self, &compare);
        let mut rows = pin!(rows);
        while let Some(row) = poll_fn(|context| rows.as_mut().poll_next(context)).await {
            sieve.offer(row);
        }
        let (rows, total) = sieve.finish();
        self.page(rows, total)
    }

    /// The page of a stream that may fail, as [`iter`](Self::iter) makes it.
    ///
    /// # Errors
    /// The first of the stream's.
    pub async fn try_stream<E>(&self, rows: impl Stream<Item = Result<T, E>>) -> Result<Page<T>, E> {
        let compare = |one: &T, other: &T| self.compare(one, other);
        let mut sieve = Sieve::new(self, &compare);
        let mut rows = pin!(rows);
        while let Some(row) = poll_fn(|context| rows.as_mut().poll_next(context)).await {
            sieve.offer(row?);
        }
        let (rows, total) = sieve.finish();
        Ok(self.page(rows, total))
    }

    /// The order of the answer.
    fn forward(&self, one: &T, other: &T) -> Ordering {
        self.asked.order.compare(one, other)
    }

    /// The order in which rows are to be fetched.
    fn compare(&self, one: &T, other: &T) -> Ordering {
        if self.is_backward() { self.forward(other, one) } else { self.forward(one, other) }
    }

    /// Whether a row is behind where a cursor stands, as rows are fetched.
    fn is_within(&self, row: &T) -> bool {
        let Some(bound) = self.bound() else { return true };
        let side = self.asked.order.compare_to_bound(row, bound);
        if self.is_backward() { side.is_lt() } else { side.is_gt() }
    }

    fn counted(&self, rows: usize) -> Total {
        if self.is_counted { Total::Exact(rows as u64) } else { Total::Unknown }
    }

    /// The rows to fetch from the start.
    fn most(&self) -> usize {
        let most = self.offset().unwrap_or(0).saturating_add(self.fetch_limit());
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    fn skipped(&self) -> usize {
        usize::try_from(self.offset().unwrap_or(0)).unwrap_or(usize::MAX)
    }

    /// What is to be fetched of rows that are in order.
    fn cut_sorted(&self, rows: &[T]) -> Vec<T>
    where
        T: Clone,
    {
        let most = usize::try_from(self.fetch_limit()).unwrap_or(usize::MAX);
        if self.is_backward() {
            let end = match self.bound() {
                Some(_) => rows.partition_point(|row| self.is_within(row)),
                None => rows.len(),
            };
            return rows[..end].iter().rev().take(most).cloned().collect();
        }
        let start = match self.bound() {
            Some(_) => rows.partition_point(|row| !self.is_within(row)),
            None => self.skipped(),
        };
        rows.iter().skip(start).take(most).cloned().collect()
    }
}

/// What is to be fetched of rows in any order.
struct Sieve<'p, T, R, C> {
    pagination: &'p Pagination<T>,
    cut: Cut<'p, R, C>,
    seen: usize,
}

impl<'p, T: Paginate, R: Borrow<T>, C: Fn(&R, &R) -> Ordering> Sieve<'p, T, R, C> {
    fn new(pagination: &'p Pagination<T>, compare: &'p C) -> Self {
        Self { pagination, cut: Cut::new(pagination.most(), compare), seen: 0 }
    }

    /// Offers a row, or a reference to one.
    fn offer(&mut self, row: R) {
        if self.admits(row.borrow()) {
            self.cut.offer(row);
        }
    }

    fn admits(&mut self, row: &T) -> bool {
        let is_asked_for = self.pagination.asked.filters.iter().all(|filter| filter.admits(row));
        self.seen += usize::from(is_asked_for);
        is_asked_for && self.pagination.is_within(row)
    }

    fn finish(self) -> (Vec<R>, Total) {
        let (skipped, total) = (self.pagination.skipped(), self.pagination.counted(self.seen));
        (self.cut.into_rows().skip(skipped).collect(), total)
    }
}

/// What is asked for; nothing of the settings.
impl<T> fmt::Debug for Pagination<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pagination").field("asked", &self.asked).finish_non_exhaustive()
    }
}
