//! Tools for tests: a clock that stands still until it is moved, and a client that asks a router without a socket.
//!
//! ```
//! use std::time::Duration;
//!
//! use axum::{Router, routing::get};
//! use tollgate::testing::{Client, ManualClock};
//! use tollgate::{Principal, Tollgate, authorize, rate_limited};
//!
//! #[rate_limited("1/minute")]
//! #[authorize(role = "editor")]
//! async fn hello(ada: Principal) -> String {
//!     format!("hello {}", ada.subject())
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let clock = ManualClock::new();
//! let tollgate = Tollgate::builder().clock(clock.clone()).build()?;
//! let app: Router = Router::new().route("/", get(hello)).layer(tollgate.layer());
//! let ada = Client::new(app).from_address([203, 0, 113, 7]).as_principal(Principal::new("ada").with_role("editor"));
//!
//! assert_eq!(ada.get("/").await.text(), "hello ada");
//! assert_eq!(ada.get("/").await.status(), 429);
//! clock.advance(Duration::from_secs(60));
//! assert_eq!(ada.get("/").await.status(), 200);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod client;
mod clock;

pub use self::client::{Answer, Client};
pub use self::clock::ManualClock;
