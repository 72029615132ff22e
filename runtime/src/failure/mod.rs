//! What goes wrong in a whole router, answered in one way: [`ErrorLayer`].

mod layer;
mod panic;

pub use self::layer::{ErrorFuture, ErrorLayer, ErrorService};
