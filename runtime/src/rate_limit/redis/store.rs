//! One call of one script for each decision.

use std::slice;
use std::time::Duration;

use ::redis::Value;
use smallvec::{SmallVec, smallvec};

use super::super::engine::{Charge, Standing};
use super::super::policy::Rate;
use super::super::remote::{Remote, RemoteDecision, Reply};
use super::super::store::{Ask, Ruling, Unavailable};
use super::apart::Group;
use super::names;
use super::shared::{Question, Shared};
use super::terms::Terms;
use crate::backend::redis::{Arg, Failure, Redis, Script};
use crate::core::Moment;

static GCRA: Script = Script::new(include_str!("gcra.lua"));
static LIMITS: Script = Script::new(include_str!("limits.lua"));

/// Whether decisions that are made at the same time share a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// Unless the servers are a cluster, which runs no script over the keys of several slots.
    On,
    /// Each has a call of its own.
    #[cfg_attr(not(feature = "redis-cluster"), allow(dead_code, reason = "tests do without"))]
    Off,
}

/// Keeps budgets on a Redis server.
#[derive(Debug)]
pub(crate) struct RedisStore {
    pub(super) redis: Redis,
    shared: Option<Shared>,
    /// What tests put in the place of the server's clock.
    #[cfg(test)]
    pub(super) time: super::tests::TestTime,
}

impl RedisStore {
    pub(crate) fn new(redis: Redis, sharing: Sharing) -> Self {
        let is_on = sharing == Sharing::On && !redis.is_cluster();
        let shared = is_on.then(|| Shared::new(redis.clone()));
        Self {
            redis,
            shared,
            #[cfg(test)]
            time: super::tests::TestTime::default(),
        }
    }

    /// Microseconds since 1970, where tests say so.
    #[cfg(test)]
    pub(super) fn time(&self) -> Option<u64> {
        self.time.micros()
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, reason = "tests have one")]
    pub(super) const fn time(&self) -> Option<u64> {
        None
    }

    async fn decide_all(&self, asks: &[Ask<'_>]) -> Result<RemoteDecision, Unavailable> {
        if let [ask] = asks
            && let [rate] = ask.rates
            && let terms = self.terms(ask, rate)
            && terms.is_one_moment()
            && (1..=terms.capacity).contains(&ask.cost)
        {
            return self.decide_one(ask, &terms).await;
        }
        let rulings: SmallVec<[Ruling; 2]> =
            self.ask(Verb::Decide, asks).await?.into_iter().map(|(ruling, _)| ruling).collect();
        let of_first = asks.first().map_or(0, |ask| ask.rates.len());
        let is_admitted = admits(asks, &rulings) && rulings.iter().take(of_first).all(Ruling::fits);
        let granted = asks.first().filter(|_| is_admitted).map_or(0, |ask| ask.cost);
        Ok(RemoteDecision { rulings, granted })
    }

    /// One budget on one number.
    async fn decide_one(&self, ask: &Ask<'_>, terms: &Terms) -> Result<RemoteDecision, Unavailable> {
        let name = self.names(slice::from_ref(ask)).pop().ok_or(Unavailable)?;
        let wanted = ask.lease.clamp(ask.cost, terms.capacity);
        let is_plain = wanted == ask.cost && self.time().is_none();
        let way = self.shared.as_ref().filter(|_| is_plain).map(Shared::enter);
        let (ahead, granted) = match &way {
            Some(way) if !way.goes_alone => {
                (way.decide(Question { name, terms: *terms, cost: ask.cost }).await?, wanted)
            }
            _ => {
                let args = one_moment(terms, wanted, ask.cost, self.time());
                let answer = self.redis.eval(&GCRA, &[name], &args, self.redis.deadline()).await;
                answer.and_then_parse(|answer| moment(answer, wanted)).ok_or(Unavailable)?
            }
        };
        let ruling = terms.ruling_by_moment(ahead, ask.cost);
        let granted = if ruling.fits() { granted } else { 0 };
        Ok(RemoteDecision { rulings: smallvec![ruling], granted })
    }

    /// All rates of all limits.
    async fn ask(&self, verb: Verb<'_>, asks: &[Ask<'_>]) -> Result<Vec<(Ruling, Standing)>, Unavailable> {
        match self.groups(asks).as_slice() {
            [] | [_] => self.ask_together(verb, asks).await,
            groups => self.ask_apart(verb, asks, groups).await,
        }
    }

    /// Which asks one script can reach: all, unless the servers are a cluster.
    fn groups(&self, asks: &[Ask<'_>]) -> Vec<Group> {
        if asks.len() < 2 || !self.redis.is_cluster() {
            return Vec::new();
        }
        let mut slots: Vec<(u16, Group)> = Vec::new();
        for (place, ask) in asks.iter().enumerate() {
            let name = self.names(slice::from_ref(ask)).pop().unwrap_or_default();
            let slot = self.redis.slot_of(&name);
            match slots.iter_mut().find(|(known, _)| *known == slot) {
                Some((_, group)) => group.push(place),
                None => slots.push((slot, vec![place])),
            }
        }
        slots.into_iter().map(|(_, group)| group).collect()
    }

    /// All rates of limits whose budgets are in one slot.
    pub(super) async fn ask_together(
        &self,
        verb: Verb<'_>,
        asks: &[Ask<'_>],
    ) -> Result<Vec<(Ruling, Standing)>, Unavailable> {
        let terms = || asks.iter().flat_map(|ask| ask.rates.iter().map(|rate| self.terms(ask, rate)));
        if asks.iter().all(|ask| ask.rates.is_empty()) {
            return Ok(Vec::new());
        }
        let names = self.names(asks);
        if matches!(verb, Verb::Decide) && self.are_moments(asks, &names) {
            return self.decide_moments(asks, &names).await;
        }
        let mut args = verb.args(self.time(), self.redis.timeout());
        for (limit, ask) in (0..).zip(asks) {
            for (place, rate) in ask.rates.iter().enumerate() {
                args.extend(self.terms(ask, rate).args(limit, ask.shadow, ask.cost));
                if matches!(verb, Verb::GiveBack { .. }) {
                    args.extend(verb.charge(place));
                }
            }
        }
        let answer = self.redis.eval(&LIMITS, &names, &args, self.redis.deadline()).await;
        let numbers = answer.and_then_parse(numbers).ok_or(Unavailable)?;
        let (rates, rest) = numbers.as_chunks::<3>();
        if rates.len() != terms().count() || !rest.is_empty() {
            return Err(Unavailable);
        }
        let told = rates.iter().zip(terms()).map(|([verdict, remaining, grows_in], terms)| {
            let standing = terms.standing(*remaining, *grows_in);
            (terms.ruling(*verdict, standing), standing)
        });
        Ok(told.collect())
    }

    pub(super) fn terms(&self, ask: &Ask<'_>, rate: &Rate) -> Terms {
        let mut terms = Terms::new(ask.algorithm, rate);
        // A time that tests move says nothing of the time that passes for the server.
        terms.ttl = terms.ttl.saturating_add(self.time().map_or(0, |_| 600_000));
        terms
    }

    /// What the budgets are called, in the order of the asks and their rates.
    fn names(&self, asks: &[Ask<'_>]) -> Vec<String> {
        let mut all = Vec::with_capacity(asks.len());
        for ask in asks {
            names::budgets(self.redis.namespace(), ask, &mut all);
        }
        all
    }
}

impl Remote for RedisStore {
    fn decide<'a>(&'a self, asks: &'a [Ask<'a>]) -> Reply<'a, RemoteDecision> {
        Box::pin(self.decide_all(asks))
    }

    fn read<'a>(&'a self, asks: &'a [Ask<'a>]) -> Reply<'a, Vec<Standing>> {
        Box::pin(async {
            let told = self.ask(Verb::Read, asks).await?;
            Ok(told.into_iter().map(|(_, standing)| standing).collect())
        })
    }

    fn reset<'a>(&'a self, asks: &'a [Ask<'a>]) -> Reply<'a, ()> {
        static RESET: Script = Script::new("return redis.call('DEL', unpack(KEYS))");
        Box::pin(async move {
            for ask in asks {
                let names = self.names(slice::from_ref(ask));
                if !names.is_empty() {
                    let answer = self.redis.eval(&RESET, &names, &[], self.redis.deadline()).await;
                    answer.and_then_parse(|_| Some(())).ok_or(Unavailable)?;
                }
            }
            Ok(())
        })
    }

    fn give_back<'a>(&'a self, asks: &'a [Ask<'a>], charges: &'a [Charge], now: Moment) -> Reply<'a, ()> {
        Box::pin(async move {
            let mut rest = charges;
            for ask in asks {
                let charges = rest.split_off(..ask.rates.len().min(rest.len())).unwrap_or_default();
                let verb = Verb::GiveBack { charges, now };
                self.ask_together(verb, slice::from_ref(ask)).await?;
            }
            Ok(())
        })
    }

    fn timeout(&self) -> Duration {
        self.redis.timeout()
    }

    fn name(&self) -> &'static str {
        "redis"
    }
}

/// What `limits.lua` is asked.
#[derive(Clone, Copy)]
pub(super) enum Verb<'a> {
    Decide,
    Read,
    /// Of each rate, by the clock of this process.
    GiveBack {
        charges: &'a [Charge],
        now: Moment,
    },
}

impl Verb<'_> {
    fn args(self, time: Option<u64>, timeout: Duration) -> Vec<Arg<'static>> {
        let verb = match self {
            Self::Decide => "decide",
            Self::Read => "read",
            Self::GiveBack { .. } => "give_back",
        };
        // The age is measured here and the charge was made there, a little later: within a timeout, they are the same moment.
        let blur = if time.is_none() { u64::try_from(timeout.as_micros()).unwrap_or(u64::MAX) } else { 0 };
        vec![Arg::Text(verb), Arg::Number(time.unwrap_or_default()), Arg::Number(blur)]
    }

    /// What is known of the charge of that rate, in microseconds: how long ago it was made, and for how long it still keeps
    /// the budget from being full. Where nothing is known, nothing comes back.
    fn charge(self, place: usize) -> [Arg<'static>; 2] {
        let (age, missing) = match self {
            Self::GiveBack { charges, now } => charges.get(place).map_or((u64::MAX, 0), |charge| {
                (now.nanos_since(charge.at), charge.full_at.nanos_since(now))
            }),
            Self::Decide | Self::Read => (0, 0),
        };
        [Arg::Number(age / 1_000), Arg::Number(missing.div_ceil(1_000))]
    }
}

/// Whether every limit admits it that is no trial.
fn admits(asks: &[Ask<'_>], rulings: &[Ruling]) -> bool {
    let shadow = asks.iter().flat_map(|ask| ask.rates.iter().map(|_| ask.shadow));
    rulings.iter().zip(shadow).all(|(ruling, shadow)| shadow || ruling.fits())
}

/// The arguments of `gcra.lua`: no more than it needs, since each costs the server time.
fn one_moment(terms: &Terms, wanted: u32, needed: u32, time: Option<u64>) -> SmallVec<[Arg<'static>; 7]> {
    let mut args = SmallVec::from_slice(&terms.moment_args(wanted));
    if wanted > needed || time.is_some() {
        args.extend([Arg::Number(terms.period), Arg::Number(needed.into())]);
    }
    args.extend(time.map(Arg::Number));
    args
}

/// What `gcra.lua` answers: how far the moment lies ahead, and the permits where these are fewer than wanted.
fn moment(answer: Value, wanted: u32) -> Option<(u64, u32)> {
    match answer {
        Value::Int(ahead) => Some((ahead.try_into().ok()?, wanted)),
        Value::Array(parts) => match parts.as_slice() {
            [Value::Int(ahead), Value::Int(granted)] => {
                Some(((*ahead).try_into().ok()?, (*granted).try_into().ok()?))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A list of numbers.
pub(super) fn numbers(answer: Value) -> Option<Vec<i64>> {
    let Value::Array(parts) = answer else { return None };
    parts.into_iter().map(|part| if let Value::Int(number) = part { Some(number) } else { None }).collect()
}

/// What an answer is understood as.
pub(super) trait Understood {
    /// Nothing where there is none, or a strange one. Both are told in the log: nobody else hears why.
    fn and_then_parse<T>(self, parse: impl FnOnce(Value) -> Option<T>) -> Option<T>;
}

impl Understood for Result<Value, Failure> {
    fn and_then_parse<T>(self, parse: impl FnOnce(Value) -> Option<T>) -> Option<T> {
        match self {
            Ok(answer) => {
                let parsed = parse(answer);
                if parsed.is_none() {
                    tracing::warn!(target: "tollgate::redis", "a script answered what it never should");
                }
                parsed
            }
            Err(failure) => {
                tracing::debug!(target: "tollgate::redis", %failure, "no decision");
                None
            }
        }
    }
}
