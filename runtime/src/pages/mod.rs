//! `derive(Paginate)`: lists in pages, and all that clients need to go through them.

mod field;
mod page;
mod pagination;
mod paging;
mod value;

pub use self::field::{PageField, PageFieldType};
#[doc(hidden)]
pub use self::field::{optional_text_value, parse_text, text_value};
pub use self::page::{Page, Total};
pub use self::pagination::Pagination;
pub use self::paging::{FieldSpec, PageStyle, Paginate, Paging};
pub use self::value::{Direction, PageValue};
