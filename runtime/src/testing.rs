//! Tools for tests: a clock that stands still until it is moved.
//!
//! ```
//! use std::{net::SocketAddr, time::Duration};
//!
//! use axum::{Router, body::Body, extract::connect_info::MockConnectInfo, routing::get};
//! use http::{Request, StatusCode};
//! use tollgate::{Tollgate, rate_limited, testing::ManualClock};
//! use tower::ServiceExt; // for `oneshot`
//!
//! #[rate_limited("1/minute")]
//! async fn hello() -> &'static str {
//!     "hello"
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let clock = ManualClock::new();
//! let tollgate = Tollgate::builder().clock(clock.clone()).build()?;
//! let client = SocketAddr::from(([203, 0, 113, 7], 40_000));
//! let app: Router = Router::new()
//!     .route("/", get(hello))
//!     .layer(tollgate.layer())
//!     .layer(MockConnectInfo(client));
//! let ask = || app.clone().oneshot(Request::new(Body::empty()));
//!
//! assert_eq!(ask().await?.status(), StatusCode::OK);
//! assert_eq!(ask().await?.status(), StatusCode::TOO_MANY_REQUESTS);
//! clock.advance(Duration::from_secs(60));
//! assert_eq!(ask().await?.status(), StatusCode::OK);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::core::{Clock, Moment};

/// A clock that a test moves by hand. Clones are one clock.
///
/// ```
/// use std::time::Duration;
/// use tollgate::{Clock, Tollgate, testing::ManualClock};
///
/// let clock = ManualClock::new();
/// let tollgate = Tollgate::builder().clock(clock.clone()).build()?;
/// clock.advance(Duration::from_secs(60));
/// # assert_eq!(clock.now().as_nanos(), 60_000_000_000);
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ManualClock {
    nanos: Arc<AtomicU64>,
}

impl ManualClock {
    /// A clock at its origin.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves it forward, to the far end of time at most.
    pub fn advance(&self, duration: Duration) {
        let to = self.now().saturating_add(duration);
        self.nanos.store(to.as_nanos(), Ordering::SeqCst);
    }

    /// Puts it to a moment, which may be an earlier one: a clock that steps back is what policies have to survive.
    pub fn set(&self, moment: Moment) {
        self.nanos.store(moment.as_nanos(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment::from_nanos(self.nanos.load(Ordering::SeqCst))
    }
}
