//! The words of `bulkhead`, and those of other libraries for the same things.

use crate::args::Vocabulary;
use crate::attribute::Attribute;

const MOST: &str = "write `max_concurrent = 64`";
const SECONDS: &str = "a time has its unit: write `wait = \"500ms\"`";
const REFUSED: &str = "whoever finds no place is refused, and another attribute answers instead, as in `fallback(path::to::function)`: take it away";
const THREADS: &str = "it counts runs, whichever threads they are on: write `max_concurrent = 64`";
const FAIR: &str = "whoever came first is first anyhow: take it away";
const LIMIT: &str = "how long a run may take says an attribute of its own, as in `timeout(\"2s\")`: write that, or `wait = \"500ms\"` for the queue";
const RATE: &str =
    "how many run in a time says an attribute of its own, as in `rate_limited(\"100/minute\")`: write that";

/// Words of other libraries that are called otherwise here, in both forms.
const RENAMED: &[(&str, &str)] = &[
    ("max_concurrent_calls", "max_concurrent"),
    ("maxConcurrentCalls", "max_concurrent"),
    ("max_concurrent_requests", "max_concurrent"),
    ("maxConcurrentRequests", "max_concurrent"),
    ("max_concurrency", "max_concurrent"),
    ("maxConcurrent", "max_concurrent"),
    ("max_parallelization", "max_concurrent"),
    ("maxParallelization", "max_concurrent"),
    ("max_parallel", "max_concurrent"),
    ("max_in_flight", "max_concurrent"),
    ("concurrency", "max_concurrent"),
    ("concurrency_limit", "max_concurrent"),
    ("limit", "max_concurrent"),
    ("max", "max_concurrent"),
    ("permits", "max_concurrent"),
    ("permit_limit", "max_concurrent"),
    ("PermitLimit", "max_concurrent"),
    ("size", "max_concurrent"),
    ("capacity", "max_concurrent"),
    ("queue_capacity", "queue"),
    ("queueCapacity", "queue"),
    ("queue_limit", "queue"),
    ("QueueLimit", "queue"),
    ("queue_size", "queue"),
    ("queue_length", "queue"),
    ("max_queue", "queue"),
    ("max_queuing_actions", "queue"),
    ("maxQueuingActions", "queue"),
    ("max_waiting", "queue"),
    ("waiting_task_queue", "queue"),
    ("waitingTaskQueue", "queue"),
    ("waiters", "queue"),
    ("max_wait", "wait"),
    ("maxWait", "wait"),
    ("max_wait_duration", "wait"),
    ("maxWaitDuration", "wait"),
    ("max_wait_time", "wait"),
    ("wait_timeout", "wait"),
    ("queue_timeout", "wait"),
    ("acquire_timeout", "wait"),
    ("wait_for", "wait"),
    ("shared", "share"),
    ("shared_as", "share"),
    ("group", "share"),
    ("pool", "share"),
];

/// Words of other libraries, each with what to write here.
const FOREIGN: &[(&str, &str)] = &[
    ("value", MOST),
    ("limiter", MOST),
    ("max_threads", THREADS),
    ("max_thread_pool_size", THREADS),
    ("maxThreadPoolSize", THREADS),
    ("core_thread_pool_size", THREADS),
    ("coreThreadPoolSize", THREADS),
    ("threads", THREADS),
    ("type", THREADS),
    ("semaphore", THREADS),
    ("fair", FAIR),
    ("fair_call_handling_enabled", FAIR),
    ("fairCallHandlingEnabled", FAIR),
    ("max_wait_ms", SECONDS),
    ("max_wait_millis", SECONDS),
    ("wait_ms", SECONDS),
    ("wait_secs", SECONDS),
    ("wait_millis", SECONDS),
    ("secs", SECONDS),
    ("seconds", SECONDS),
    ("timeout", LIMIT),
    ("duration", LIMIT),
    ("rate", RATE),
    ("per_second", RATE),
    ("per_minute", RATE),
    ("load_shed", REFUSED),
    ("shed", REFUSED),
    ("on_rejected", REFUSED),
    ("on_full", REFUSED),
    ("fallback", REFUSED),
    ("fallback_method", REFUSED),
    ("fallbackMethod", REFUSED),
];

pub(crate) const VOCABULARY: Vocabulary = Vocabulary {
    keys: &["max_concurrent", "queue", "wait", "share"],
    renamed: RENAMED,
    foreign: FOREIGN,
    unnamed: "the number has its key: write `max_concurrent = 64`",
    example: Some("max_concurrent = 64"),
    ..Vocabulary::of(Attribute::Bulkhead)
};
