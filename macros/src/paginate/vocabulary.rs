//! The words of `paginate`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::derive::Derive;

const ORDER: &str = "without `sort` in its query a list is in the order of its key: take this away";
const ON_TYPE: &str = "write it above the type, as in `#[paginate(key = iata, sort(name), filter(country))]`";
const ON_FIELD: &str = "that is about one field, so write it above the field";

/// Above the item.
pub(super) const ITEM: Vocabulary = Vocabulary {
    keys: &["key", "sort", "filter", "default_per_page", "max_per_page", "max_offset", "style"],
    common: &["crate"],
    groups: &["sort", "filter"],
    renamed: &[
        ("id", "key"),
        ("primary_key", "key"),
        ("tie_breaker", "key"),
        ("tiebreaker", "key"),
        ("unique", "key"),
        ("sortable", "sort"),
        ("sort_by", "sort"),
        ("order_by", "sort"),
        ("orderable", "sort"),
        ("ordering", "sort"),
        ("filterable", "filter"),
        ("filters", "filter"),
        ("filter_by", "filter"),
        ("filter_fields", "filter"),
        ("page_size", "default_per_page"),
        ("per_page", "default_per_page"),
        ("default_size", "default_per_page"),
        ("default_limit", "default_per_page"),
        ("default_page_size", "default_per_page"),
        ("size", "default_per_page"),
        ("limit", "max_per_page"),
        ("max_limit", "max_per_page"),
        ("max_size", "max_per_page"),
        ("max_page_size", "max_per_page"),
        ("offset", "max_offset"),
        ("mode", "style"),
        ("strategy", "style"),
        ("kind", "style"),
    ],
    foreign: &[
        ("default_sort", ORDER),
        ("default_order", ORDER),
        ("cursor", "write `style = cursor`"),
        ("page", "write `style = page`"),
        ("text", ON_FIELD),
        ("column", ON_FIELD),
        ("rename", ON_FIELD),
        ("cast", ON_FIELD),
        ("table", "the table stands in the query of yours: take this away"),
        ("total", "whether rows are counted says the handler: `Pagination::without_total`"),
        ("count", "whether rows are counted says the handler: `Pagination::without_total`"),
    ],
    unnamed: "write `key = iata`, with the field that no two rows have the same of",
    example: Some("key = iata"),
    ..Vocabulary::named(Derive::Paginate.attribute())
};

/// Above a field.
pub(super) const FIELD: Vocabulary = Vocabulary {
    place: " above a field",
    keys: &["text", "column", "rename", "cast"],
    renamed: &[
        ("display", "text"),
        ("string", "text"),
        ("as_text", "text"),
        ("as_string", "text"),
        ("db", "column"),
        ("sql", "column"),
        ("column_name", "column"),
        ("name", "rename"),
        ("param", "rename"),
        ("alias", "rename"),
        ("sql_type", "cast"),
        ("db_type", "cast"),
        ("ty", "cast"),
    ],
    foreign: &[
        ("key", ON_TYPE),
        ("sort", ON_TYPE),
        ("filter", ON_TYPE),
        ("sortable", ON_TYPE),
        ("filterable", ON_TYPE),
        ("id", ON_TYPE),
        ("order_by", ON_TYPE),
        ("skip", "a field that is named in neither `sort` nor `filter` is left alone: take this away"),
        ("style", ON_TYPE),
        ("default_per_page", ON_TYPE),
        ("max_per_page", ON_TYPE),
        ("crate", ON_TYPE),
    ],
    unnamed: "write `text`, `column = \"..\"`, `rename = \"..\"` or `cast = \"..\"`",
    example: Some("column = \"iata_code\""),
    ..Vocabulary::named(Derive::Paginate.attribute())
};
