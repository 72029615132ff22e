//! The words of `rate_limited`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::attribute::Attribute;

pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["burst", "key", "missing", "cost", "after", "shadow"],
    renamed: &[
        ("by", "key"),
        ("key_by", "key"),
        ("burst_size", "burst"),
        ("capacity", "burst"),
        ("max_burst", "burst"),
        ("weight", "cost"),
        ("permits", "cost"),
        ("tokens", "cost"),
        ("behind", "after"),
        ("dry_run", "shadow"),
        ("report_only", "shadow"),
    ],
    foreign: &[
        ("ip", "write `key = ip`"),
        ("global", "write `key = global`"),
        ("principal", "write `key = principal`"),
        ("user", "write `key = principal`"),
        ("user_id", "write `key = principal`"),
        ("subject", "write `key = principal`"),
        ("per_user", "write `key = principal`"),
        ("per_principal", "write `key = principal`"),
        ("per_ip", "write `key = ip`"),
        ("api_key", "write `key = header(\"x-api-key\")`"),
        ("after_authorize", "write `after = authorize`"),
        ("before", "a limit stands before `authorize` unless it says otherwise: take this away"),
        ("header", "write `key = header(\"x-api-key\")`"),
        ("key_func", "write `key = path::to::Type`, a type that implements `tollgate::RateLimitKey`"),
        ("key_extractor", "write `key = path::to::Type`, a type that implements `tollgate::RateLimitKey`"),
    ],
    foreign_positional: &[
        ("requests_per_second", "write the rate first, as in `\"100/second\"`"),
        ("requests_per_minute", "write the rate first, as in `\"100/minute\"`"),
        ("requests_per_hour", "write the rate first, as in `\"100/hour\"`"),
        ("per_second", "write the rate first, as in `\"100/second\"`"),
        ("per_minute", "write the rate first, as in `\"100/minute\"`"),
        ("per_millisecond", "write the rate first, as in `\"1/5ms\"`"),
        ("requests", "write the rate first, as in `\"100/minute\"`"),
        ("max_requests", "write the rate first, as in `\"100/minute\"`"),
        ("limit", "write the rate first, as in `\"100/minute\"`"),
        ("limit_for_period", "write the rate first, as in `\"100/minute\"`"),
        ("limit_refresh_period", "the period is part of the rate, as in `\"100/minute\"`"),
        ("rate", "the rate stands first and alone, as in `\"100/minute\"`"),
        ("rps", "write the rate first, as in `\"100/second\"`"),
        ("quota", "write the rate first, as in `\"100/minute\"`"),
        ("period", "the period is part of the rate, as in `\"100/minute\"`"),
        ("window", "the period is part of the rate, as in `\"100/10s\"`"),
        ("interval", "the period is part of the rate, as in `\"100/10s\"`"),
    ],
    takes_positional: true,
    ..Vocabulary::of(Attribute::RateLimited)
};
