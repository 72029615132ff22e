//! What stands in a `cfg_attr` is checked as well, once the compiler has resolved it; utoipa has had its turn then.

use axum::{Router, routing::get};
use tollgate::{rate_limited, with_metrics};

#[with_metrics(lables = [route])]
#[cfg_attr(all(), rate_limited("100/minuet"))]
#[utoipa::path(get, path = "/", responses((status = 200)))]
async fn handler() {}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
