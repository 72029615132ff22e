//! Sends requests through a router on the current thread.

use std::hint;

use axum::{Router, body::Body, extract::Request};
use http_body_util::BodyExt;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

use crate::{Failure, variants::Variant};

/// Requests before the first one that counts: after them maps have their size and lazy statics their value.
const WARM_UP: u32 = 100;

/// A variant's service, warm, and the runtime that it lives in.
#[derive(Debug)]
pub struct Driver {
    runtime: Runtime,
    router: Router,
    request: fn() -> Request<Body>,
}

impl Driver {
    /// Builds the variant and warms it up.
    pub fn new(variant: &Variant) -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let router = {
            let _inside = runtime.enter();
            (variant.build)()
        };
        let driver = Self { runtime, router, request: variant.request };
        driver.exchanges(WARM_UP)?;
        Ok(driver)
    }

    /// Sends that many requests, one after the other, and reads their answers to the end. Fails at the first
    /// answer that is not a success, since it would be another's cost.
    ///
    /// Callgrind counts in here alone and knows the place by its name: see `valgrind`.
    #[inline(never)]
    pub fn send(&self, requests: u32) -> Result<(), Failure> {
        self.exchanges(requests)
    }

    fn exchanges(&self, requests: u32) -> Result<(), Failure> {
        self.runtime.block_on(async {
            for _ in 0..requests {
                self.exchange().await?;
            }
            Ok(())
        })
    }

    async fn exchange(&self) -> Result<(), Failure> {
        let response = self.router.clone().oneshot((self.request)()).await?;
        let status = response.status();
        let mut body = response.into_body();
        while let Some(frame) = body.frame().await {
            hint::black_box(frame?);
        }
        if status.is_success() { Ok(()) } else { Err(format!("answered {status}").into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variants::VARIANTS;

    /// One test for all: some peers allow one instance per process.
    #[test]
    fn every_variant_answers() {
        for variant in VARIANTS {
            let sent = Driver::new(variant).and_then(|driver| driver.send(1));
            assert!(sent.is_ok(), "{}: {sent:?}", variant.name);
        }
    }

    #[test]
    fn a_refusal_is_a_failure() {
        let nothing = Variant { build: Router::new, ..VARIANTS[0] };
        assert_eq!(format!("{:?}", Driver::new(&nothing).unwrap_err()), "answered 404 Not Found");
    }
}
