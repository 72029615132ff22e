//! What a request takes along to its answer: how the rates of its function stand, and what it may get back.

use std::{iter, slice};

use ::http::{HeaderMap, HeaderValue, StatusCode};
use arrayvec::ArrayVec;

use super::super::fleet::How;
use super::super::policy::{Limit, MAX_RATES, Rate};
use super::super::store::{Ask, Charges, Ruling};
use super::super::wire::{Standing, policy_value, standings_field};
use super::{Asked, Refused};
use crate::core::Moment;
use crate::http::fields::{RATELIMIT, RATELIMIT_POLICY};

/// How the announced rates of a function stand, in their order.
///
/// Kept small, because it is moved along with the request; the field is written when the answer is there.
#[derive(Debug, Default)]
pub(crate) enum Ticket {
    /// No limit applied.
    #[default]
    Nothing,
    /// The function's one rate, as it is declared.
    One(Standing),
    /// All other cases.
    Many(Box<Standings>),
}

/// How several rates stand.
#[derive(Debug, Default)]
pub(crate) struct Standings {
    rates: ArrayVec<Announced, MAX_RATES>,
    /// Whether one of them is not as the function declares it, so that its policy has to be written anew.
    are_chosen: bool,
    /// What was charged, and may be given back.
    receipts: Vec<Receipt>,
}

/// A rate, and how it stands; `None` where its limit did not apply.
type Announced = (&'static Rate, Option<Standing>);

/// A charge that stays only where the answer has one of some statuses.
#[derive(Debug)]
pub(crate) struct Receipt {
    pub(crate) ask: Ask<'static>,
    /// One for each rate.
    pub(crate) charges: Charges,
    /// Who charged it.
    pub(crate) how: How,
    statuses: &'static [u16],
}

impl Receipt {
    pub(super) const fn new(ask: Ask<'static>, charges: Charges, statuses: &'static [u16], how: How) -> Self {
        Self { ask, charges, how, statuses }
    }
}

impl Ticket {
    #[inline]
    pub(super) fn of_one(limit: &'static Limit, rulings: &[Ruling], now: Moment) -> Self {
        match (limit.is_shadow(), limit.rates(), rulings) {
            (true, ..) => Self::Nothing,
            (false, [rate], [ruling]) => Self::One(Standing::of(rate, ruling, now)),
            (false, rates, rulings) => Self::listed(Standings {
                rates: standing(rates, rulings, now).take(MAX_RATES).collect(),
                ..Standings::default()
            }),
        }
    }

    /// `rulings` are those of each limit, none where it did not apply.
    #[cold]
    pub(super) fn of_many(asked: &Asked, rulings: &[&[Ruling]], receipts: Vec<Receipt>, now: Moment) -> Self {
        let mut standings =
            Standings { are_chosen: !asked.disabled.is_empty(), receipts, ..Standings::default() };
        for (slot, (limit, rulings)) in asked.limits.iter().zip(rulings).enumerate() {
            let ask = asked.by_limit().find(|(place, ..)| *place == slot).map(|(.., ask)| ask);
            let (is_shadow, rates) =
                ask.map_or((limit.is_shadow(), limit.rates()), |ask| (ask.shadow, ask.rates));
            standings.are_chosen |= is_shadow != limit.is_shadow() || rates != limit.rates();
            if !is_shadow && !asked.disabled.contains(&slot) {
                let room = MAX_RATES - standings.rates.len();
                standings.rates.extend(standing(rates, rulings, now).take(room));
            }
        }
        Self::listed(standings)
    }

    fn listed(standings: Standings) -> Self {
        let is_empty = standings.rates.iter().all(|(_, standing)| standing.is_none());
        if is_empty && standings.receipts.is_empty() {
            Self::Nothing
        } else {
            Self::Many(Box::new(standings))
        }
    }

    /// How the limits at the door stand and those behind, together.
    #[cold]
    fn join(self, own: &'static [Limit], other: Self, others: &'static [Limit]) -> Self {
        if own.is_empty() {
            return other;
        }
        let (own, other) = (self.standings(own), other.standings(others));
        let room = MAX_RATES - own.rates.len();
        let mut joined = own;
        joined.rates.extend(other.rates.into_iter().take(room));
        joined.are_chosen |= other.are_chosen;
        joined.receipts.extend(other.receipts);
        Self::listed(joined)
    }

    /// The same, whatever those behind said.
    pub(crate) fn and(
        self,
        own: &'static [Limit],
        behind: Result<Self, Box<Refused>>,
        others: &'static [Limit],
    ) -> Result<Self, Box<Refused>> {
        match behind {
            Ok(behind) => Ok(self.join(own, behind, others)),
            Err(mut refused) => {
                refused.ticket = self.join(own, std::mem::take(&mut refused.ticket), others);
                Err(refused)
            }
        }
    }

    /// How each announced rate of these limits stands.
    fn standings(self, limits: &'static [Limit]) -> Standings {
        let one = match self {
            Self::Many(standings) => return *standings,
            Self::One(standing) => Some(standing),
            Self::Nothing => None,
        };
        let rates = announced(limits).zip(iter::once(one).chain(iter::repeat(None)));
        Standings { rates: rates.take(MAX_RATES).collect(), ..Standings::default() }
    }

    /// What is to be given back, now that the status of the answer is known.
    pub(crate) fn settle(&mut self, status: StatusCode) -> Vec<Receipt> {
        let Self::Many(standings) = self else { return Vec::new() };
        let receipts = std::mem::take(&mut standings.receipts);
        let is_owed = |receipt: &Receipt| !receipt.statuses.contains(&status.as_u16());
        let owed: Vec<_> = receipts.into_iter().filter(is_owed).collect();
        for receipt in &owed {
            let own = |rate: &&'static Rate| receipt.ask.rates.iter().any(|other| other == *rate);
            for (rate, standing) in standings.rates.iter_mut().filter(|(rate, _)| own(rate)) {
                *standing = standing.map(|standing| standing.given_back(rate, receipt.ask.cost));
            }
        }
        owed
    }

    /// Puts the fields onto the answer of a function with these limits, whatever it is.
    #[inline]
    pub(crate) fn stamp(&self, limits: &'static [Limit], policy: HeaderValue, headers: &mut HeaderMap) {
        let (field, policy) = match self {
            Self::Nothing => return,
            Self::One(standing) => {
                (standings_field(announced(limits).take(1).map(|rate| (rate, *standing))), Some(policy))
            }
            Self::Many(standings) => (
                standings_field(
                    standings.rates.iter().filter_map(|(rate, standing)| Some((*rate, (*standing)?))),
                ),
                if standings.are_chosen { standings.policy() } else { Some(policy) },
            ),
        };
        if let (Some(field), Some(policy)) = (field, policy) {
            headers.insert(RATELIMIT_POLICY, policy);
            headers.insert(RATELIMIT, field);
        }
    }
}

impl Standings {
    #[cold]
    fn policy(&self) -> Option<HeaderValue> {
        policy_value(self.rates.iter().map(|(rate, _)| *rate))
    }
}

fn announced(limits: &'static [Limit]) -> impl Iterator<Item = &'static Rate> {
    limits.iter().filter(|limit| !limit.is_shadow()).flat_map(|limit| limit.rates().iter())
}

/// How each of these rates stands, by what was ruled of it.
fn standing(rates: &'static [Rate], rulings: &[Ruling], now: Moment) -> impl Iterator<Item = Announced> {
    let rulings = rulings.iter().map(Some).chain(iter::repeat(None));
    let rates: slice::Iter<'static, Rate> = rates.iter();
    rates.zip(rulings).map(move |(rate, ruling)| (rate, ruling.map(|ruling| Standing::of(rate, ruling, now))))
}
