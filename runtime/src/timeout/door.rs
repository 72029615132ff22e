//! A call that has to be over in time, counted where it is.

use crate::backend::within;
use crate::core::{Clock, Outcome, Sink, SiteId, Told};

/// The timeout of a site, as a call goes through it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door<'a, S> {
    pub(crate) clock: &'a dyn Clock,
    pub(crate) sink: &'a S,
    pub(crate) site: SiteId,
    /// Its place among the policies of the site.
    pub(crate) slot: usize,
}

/// Time was up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimedOut;

impl<S: Sink> Door<'_, S> {
    /// What comes of a call in so many nanoseconds. One that is over at its first poll is in time, allocates nothing and reads the clock once.
    ///
    /// Where time is up the call is dropped before this returns. Where this is dropped nothing is counted.
    pub(crate) async fn run<T>(self, nanos: u64, call: impl Future<Output = T>) -> Result<T, TimedOut> {
        let deadline = self.clock.now().saturating_add_nanos(nanos);
        let output = within(self.clock, deadline, call).await;
        let outcome = if output.is_some() { Outcome::Completed } else { Outcome::TimedOut };
        self.sink.tell(Told::new(self.site, self.slot, outcome));
        output.ok_or(TimedOut)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Waker};
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::core::{Moment, Site, Sleep};
    use crate::testing::ManualClock;

    #[derive(Default)]
    struct Heard(Mutex<Vec<Outcome>>);

    impl Sink for Heard {
        fn tell(&self, told: Told) {
            self.0.lock().unwrap().push(told.outcome);
        }
    }

    /// A clock that counts what is asked of it.
    #[derive(Debug, Default)]
    struct Asked {
        reads: AtomicUsize,
        sleeps: AtomicUsize,
    }

    impl Clock for Asked {
        fn now(&self) -> Moment {
            self.reads.fetch_add(1, Ordering::Relaxed);
            Moment::ORIGIN
        }

        fn wall(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }

        fn sleep_until(&self, _: Moment) -> Sleep {
            self.sleeps.fetch_add(1, Ordering::Relaxed);
            Box::pin(pending())
        }
    }

    fn door<'a>(clock: &'a dyn Clock, sink: &'a Heard) -> Door<'a, Heard> {
        Door { clock, sink, site: site(), slot: 0 }
    }

    fn site() -> SiteId {
        use crate::core::Origin;
        static SITE: Site =
            Site::new(Origin { file: "", line: 1, column: 1, module: "", function: "" }, None, Vec::new);
        SITE.id()
    }

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> std::task::Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn what_is_ready_reads_the_clock_once_and_waits_for_nothing() {
        let (clock, heard) = (Asked::default(), Heard::default());
        let run = std::pin::pin!(door(&clock, &heard).run(1, ready(7)));
        assert!(matches!(poll(run), std::task::Poll::Ready(Ok(7))));
        let asked = (clock.reads.load(Ordering::Relaxed), clock.sleeps.load(Ordering::Relaxed));
        assert_eq!((asked, &**heard.0.lock().unwrap()), ((1, 0), &[Outcome::Completed][..]));
    }

    #[test]
    fn time_is_up_at_its_moment_and_no_earlier() {
        let (clock, heard) = (ManualClock::new(), Heard::default());
        let mut run = std::pin::pin!(door(&clock, &heard).run(1_000, pending::<()>()));
        assert!(poll(run.as_mut()).is_pending());
        clock.advance(Duration::from_nanos(999));
        assert!(poll(run.as_mut()).is_pending());
        clock.advance(Duration::from_nanos(1));
        assert!(matches!(poll(run.as_mut()), std::task::Poll::Ready(Err(TimedOut))));
        assert_eq!(*heard.0.lock().unwrap(), [Outcome::TimedOut]);
    }

    #[test]
    fn an_answer_that_is_there_when_time_is_up_is_in_time() {
        let (clock, heard) = (ManualClock::new(), Heard::default());
        let (to, from) = tokio::sync::oneshot::channel();
        let mut run = std::pin::pin!(door(&clock, &heard).run(1_000, from));
        assert!(poll(run.as_mut()).is_pending());
        clock.advance(Duration::from_secs(1));
        to.send(7).unwrap();
        assert!(matches!(poll(run.as_mut()), std::task::Poll::Ready(Ok(Ok(7)))));
    }

    #[test]
    fn what_is_dropped_is_neither_and_nobody_waits_for_it() {
        let (clock, heard) = (ManualClock::new(), Heard::default());
        {
            let run = std::pin::pin!(door(&clock, &heard).run(1_000, pending::<()>()));
            assert!(poll(run).is_pending());
            assert_eq!(clock.waiting(), 1);
        }
        assert_eq!((clock.waiting(), heard.0.lock().unwrap().len()), (0, 0));
    }

    #[allow(dead_code, reason = "it need not run: that it compiles says so")]
    fn it_may_move_between_threads(clock: &dyn Clock, heard: &Heard, call: impl Future<Output = ()> + Send) {
        fn moves(_: impl Send) {}
        moves(door(clock, heard).run(1, call));
    }
}
