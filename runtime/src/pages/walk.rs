//! From the rows of a page to the page: what it is called, and where the others are.

use super::asked::Window;
use super::cursor::{Draft, Site};
use super::links::{PageLinks, selection};
use super::page::{Page, PageMeta, Total};
use super::pagination::Pagination;
use super::paging::Paginate;
use super::value::PageValue;

/// There was a cursor to write, and it could not be written.
struct Unwritten;

impl<T: Paginate> Pagination<T> {
    /// The page of rows that somebody fetched as they were asked for: filtered, sorted, from the
    /// [`offset`](Self::offset) or the [`bound`](Self::bound) on, [backward](Self::is_backward) where it says so, and
    /// at most [`fetch_limit`](Self::fetch_limit) of them. The row that is too many tells that there is a next page; it is not shown.
    pub fn page(&self, mut rows: Vec<T>, total: Total) -> Page<T> {
        let limit = self.asked.limit as usize;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        if self.is_backward() {
            rows.reverse();
        }
        let (meta, links) = match &self.asked.window {
            Window::Page(page) => {
                let meta = PageMeta::Page { page: *page, per_page: self.asked.limit, total };
                (meta, Ok(self.numbered(*page, has_more, &rows, total)))
            }
            Window::Offset(offset) => {
                let meta = PageMeta::Offset { offset: *offset, limit: self.asked.limit, total };
                (meta, Ok(self.offsets(*offset, has_more, &rows, total)))
            }
            Window::Cursor { text, .. } => {
                (PageMeta::Cursor { limit: self.asked.limit }, self.cursors(text.as_deref(), has_more, &rows))
            }
        };
        let is_broken = links.is_err();
        Page { data: rows, meta, links: links.unwrap_or_default(), is_broken }
    }

    /// Whether rows follow the ones that are shown, also where the one that is too many was not fetched.
    fn has_next(&self, has_more: bool, rows: &[T], total: Total) -> bool {
        let shown = rows.len() as u64;
        let is_counted_on = |total| shown == self.limit() && total > self.offset().unwrap_or(0) + shown;
        has_more || matches!(total, Total::Exact(total) if is_counted_on(total))
    }

    fn numbered(&self, page: u64, has_more: bool, rows: &[T], total: Total) -> PageLinks {
        let selection = self.selection();
        let limit = self.limit();
        let link = |page: u64| Some(self.target.link(&selection, &format!("page={page}&per_page={limit}")));
        let last = match total {
            Total::Exact(total) => Some(total.div_ceil(limit).max(1)),
            Total::Estimate(_) | Total::Unknown => None,
        };
        // From behind the end back to the end.
        let prev = page.checked_sub(1).filter(|prev| *prev > 0);
        let prev = prev.map(|prev| if rows.is_empty() { last.unwrap_or(prev).min(prev) } else { prev });
        let is_in_reach = |page: &u64| (page - 1).saturating_mul(limit) <= Self::PAGING.largest_offset();
        PageLinks {
            first: link(1),
            last: last.filter(is_in_reach).and_then(link),
            next: if self.has_next(has_more, rows, total) { link(page + 1) } else { None },
            prev: prev.and_then(link),
            itself: link(page),
        }
    }

    fn offsets(&self, offset: u64, has_more: bool, rows: &[T], total: Total) -> PageLinks {
        let selection = self.selection();
        let limit = self.limit();
        let link =
            |offset: u64| Some(self.target.link(&selection, &format!("offset={offset}&limit={limit}")));
        let last = match total {
            Total::Exact(total) => Some(last_offset(offset, limit, total)),
            Total::Estimate(_) | Total::Unknown => None,
        };
        let prev = (offset > 0).then(|| offset.saturating_sub(limit));
        let prev = prev.map(|prev| if rows.is_empty() { last.unwrap_or(prev).min(prev) } else { prev });
        PageLinks {
            first: link(0),
            last: last.filter(|last| *last <= Self::PAGING.largest_offset()).and_then(link),
            next: if self.has_next(has_more, rows, total) { link(offset + limit) } else { None },
            prev: prev.and_then(link),
            itself: link(offset),
        }
    }

    fn cursors(&self, text: Option<&str>, has_more: bool, rows: &[T]) -> Result<PageLinks, Unwritten> {
        let limit = self.limit();
        let link = |cursor: &str| self.target.link("", &format!("limit={limit}&cursor={cursor}"));
        let at =
            |row: Option<&T>, is_backward: bool| self.cursor(row, is_backward).map(|cursor| link(&cursor));
        let first = self.target.link(&self.selection(), &format!("limit={limit}"));
        // Where a cursor came from there are rows, or were: one side is told by it, the other by the row that is too many.
        let is_behind_bound = self.bound().is_some();
        let (has_next, has_prev) =
            if self.is_backward() { (is_behind_bound, has_more) } else { (has_more, is_behind_bound) };
        let next = match rows.last() {
            Some(row) if has_next => Some(at(Some(row), false)?),
            // The rows before the bound have gone: what follows them begins with the first that is left.
            None if has_next => Some(first.clone()),
            _ => None,
        };
        let prev = match rows.first() {
            _ if !has_prev => None,
            row => Some(at(row, true)?),
        };
        let itself = Some(text.map_or_else(|| first.clone(), link));
        Ok(PageLinks { first: Some(first), last: Some(at(None, true)?), next, prev, itself })
    }

    /// A cursor behind or before a row; to the last rows where there is none.
    fn cursor(&self, row: Option<&T>, is_backward: bool) -> Result<String, Unwritten> {
        let order = &self.asked.order;
        let bound: Option<Vec<PageValue<'_>>> =
            row.map(|row| order.keys().iter().map(|key| row.field(usize::from(key.place))).collect());
        let draft = Draft {
            made_at: self.now,
            is_backward,
            bound: bound.as_deref(),
            order,
            filters: &self.asked.filters,
        };
        let site = Site { path: &self.path, paging: Self::PAGING, parse: T::parse };
        draft.write(site, self.settings.keys()).ok_or(Unwritten)
    }

    fn selection(&self) -> String {
        selection(&self.asked.order, &self.asked.filters, Self::PAGING)
    }
}

/// Where the last page begins, in steps of a page from an offset.
const fn last_offset(offset: u64, limit: u64, total: u64) -> u64 {
    let start = offset % limit;
    if total <= start { 0 } else { start + (total - 1 - start) / limit * limit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_is_in_step_with_the_offset() {
        let cases = [
            ((0, 50, 200), 150),
            ((50, 30, 200), 170),
            ((0, 50, 201), 200),
            ((0, 50, 0), 0),
            ((20, 30, 10), 0),
            ((20, 30, 20), 0),
            ((20, 30, 21), 20),
            ((500, 20, 45), 40),
            ((0, 1, u64::MAX), u64::MAX - 1),
        ];
        for ((offset, limit, total), expected) in cases {
            assert_eq!(last_offset(offset, limit, total), expected, "{offset} {limit} {total}");
        }
    }
}
