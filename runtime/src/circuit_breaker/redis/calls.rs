//! What is one call each.

use std::sync::OnceLock;
use std::time::Duration;

use ::redis::Value;

use super::super::called::Called;
use super::super::remote::{Forced, Heard, MOST_NODES, Node, Openings, Order, Remote, Reply, Unavailable};
use super::hearing::Hearing;
use super::message;
use crate::backend::redis::{Arg, Failure, Redis, Script, Subscription};

static OPENED: Script = Script::new(include_str!("opened.lua"));
static OPENINGS: Script = Script::new(include_str!("openings.lua"));
static FORCE: Script = Script::new(include_str!("force.lua"));
static ORDERS: Script = Script::new(include_str!("orders.lua"));

/// How long a breaker is said to be open at most: a week. Milliseconds.
const LONGEST: u64 = 7 * 24 * 3_600 * 1_000;
/// How long orders live that nobody reads: a month. Milliseconds.
const ORDERED: u64 = 30 * 24 * 3_600 * 1_000;
/// So many processes are remembered for a breaker, those that are open the longest.
const MOST_KEPT: u64 = 1_024;
/// So many breakers are under orders.
const MOST_ORDERS: u64 = 4_096;

/// Carries hints and orders over a Redis server or a cluster.
#[derive(Debug)]
pub(crate) struct RedisBreakers {
    redis: Redis,
    subscription: OnceLock<Subscription>,
}

impl RedisBreakers {
    pub(crate) const fn new(redis: Redis) -> Self {
        Self { redis, subscription: OnceLock::new() }
    }

    /// Where it is open. What stands in braces is what a cluster looks at.
    fn of(&self, called: &Called) -> [String; 1] {
        [format!("{}:cb:{{{called}}}", self.redis.namespace())]
    }

    fn all_orders(&self) -> [String; 1] {
        [format!("{}:cb:orders", self.redis.namespace())]
    }

    pub(super) fn channel(&self) -> String {
        format!("{}:breakers", self.redis.namespace())
    }

    async fn run<T>(
        &self,
        script: &'static Script,
        key: &[String],
        args: &[Arg<'_>],
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<T, Unavailable> {
        self.see_to_hearing();
        let answer = self.redis.eval(script, key, args, self.redis.deadline()).await;
        let answer = answer.map_err(|failure| {
            tracing::debug!(target: "tollgate::redis", %failure, "nothing was told of a breaker");
            match failure {
                Failure::Away | Failure::Refused(_) => Unavailable::Unchanged,
                Failure::TimedOut | Failure::Broken => Unavailable::Unknown,
            }
        })?;
        read(answer).ok_or_else(|| {
            tracing::warn!(target: "tollgate::redis", "a script answered what it never should");
            Unavailable::Unknown
        })
    }

    async fn tell(&self, called: &Called, node: Node, left: u64) -> Result<(), Unavailable> {
        let (node, channel, begin) = (message::node(node), self.channel(), message::about_openings(called));
        let args = [
            Arg::Text(&node),
            Arg::Number(left),
            Arg::Text(&begin),
            Arg::Number(MOST_KEPT),
            Arg::Text(&channel),
            Arg::Number(MOST_NODES as u64),
        ];
        self.run(&OPENED, &self.of(called), &args, done).await
    }

    /// The order as it stands then: none where there is no room.
    async fn put(
        &self,
        called: &Called,
        forced: Forced,
        known: u64,
        given: Option<u64>,
    ) -> Result<Order, Unavailable> {
        let (channel, begin) = (self.channel(), message::about_order(called));
        let mut args = vec![
            Arg::Text(called.as_str()),
            Arg::Text(message::letter(forced)),
            Arg::Number(known),
            Arg::Number(ORDERED),
            Arg::Text(&channel),
            Arg::Text(&begin),
            Arg::Number(MOST_ORDERS),
        ];
        args.extend(given.map(Arg::Number));
        let stands = self.run(&FORCE, &self.all_orders(), &args, placed).await?;
        stands.ok_or_else(|| {
            tracing::warn!(target: "tollgate::redis", "too many breakers are under orders for one more");
            Unavailable::Unchanged
        })
    }
}

impl Remote for RedisBreakers {
    fn opened<'a>(&'a self, called: &'a Called, node: Node, left: Duration) -> Reply<'a, ()> {
        let left = u64::try_from(left.as_millis()).unwrap_or(LONGEST).clamp(1, LONGEST);
        Box::pin(self.tell(called, node, left))
    }

    fn closed<'a>(&'a self, called: &'a Called, node: Node) -> Reply<'a, ()> {
        Box::pin(self.tell(called, node, 0))
    }

    fn openings<'a>(&'a self, called: &'a Called) -> Reply<'a, Openings> {
        Box::pin(async move {
            let args = [Arg::Number(MOST_NODES as u64)];
            self.run(&OPENINGS, &self.of(called), &args, |answer| message::openings(&text(answer)?)).await
        })
    }

    fn force<'a>(&'a self, called: &'a Called, forced: Forced, known: u64) -> Reply<'a, Order> {
        Box::pin(self.put(called, forced, known, None))
    }

    fn restore<'a>(&'a self, called: &'a Called, order: Order) -> Reply<'a, ()> {
        Box::pin(
            async move { self.put(called, order.forced, order.stamp, Some(order.stamp)).await.map(drop) },
        )
    }

    fn orders(&self) -> Reply<'_, Vec<(Called, Order)>> {
        Box::pin(async move { self.run(&ORDERS, &self.all_orders(), &[Arg::Number(ORDERED)], orders).await })
    }

    fn listen(&self, hear: Box<dyn Fn(Heard) + Send + Sync>) {
        self.subscription.get_or_init(|| {
            let hearing = Hearing::new(self.redis.clone(), hear);
            Subscription::new(self.redis.clone(), self.channel(), Box::new(hearing))
        });
        self.see_to_hearing();
    }

    fn see_to_hearing(&self) {
        if let Some(subscription) = self.subscription.get() {
            subscription.see_to();
        }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "what a reader of answers takes")]
fn done(answer: Value) -> Option<()> {
    matches!(answer, Value::Int(_)).then_some(())
}

fn text(answer: Value) -> Option<String> {
    match answer {
        Value::BulkString(bytes) => String::from_utf8(bytes).ok(),
        _ => None,
    }
}

#[allow(clippy::option_option, reason = "no room, and nothing that is understood")]
fn placed(answer: Value) -> Option<Option<Order>> {
    match answer {
        Value::Int(0) => Some(None),
        answer => message::order(&text(answer)?).map(Some),
    }
}

/// What is not understood is left out.
fn orders(answer: Value) -> Option<Vec<(Called, Order)>> {
    let words: Vec<_> = match answer {
        Value::Array(words) => words.into_iter().map(text).collect(),
        _ => return None,
    };
    let (pairs, _) = words.as_chunks::<2>();
    let read = |[called, order]: &[Option<String>; 2]| {
        Some((Called::read(called.as_deref()?)?, message::order(order.as_deref()?)?))
    };
    Some(pairs.iter().filter_map(read).collect())
}
