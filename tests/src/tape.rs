//! A recorder of the `metrics` facade that writes down what it is told.

use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

/// Writes down what it is told.
#[derive(Clone, Debug, Default)]
pub struct Tape(Arc<Mutex<Vec<String>>>);

/// One metric of it.
struct Line {
    tape: Tape,
    name: String,
}

impl Tape {
    fn write(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    /// What it was told since it was asked last: `name{label="value"} +1`, and descriptions.
    ///
    /// # Panics
    /// If somebody panicked while it wrote.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn line(&self, key: &Key) -> Arc<Line> {
        let labels = key.labels().map(|label| format!("{}={:?}", label.key(), label.value()));
        let name = format!("{}{{{}}}", key.name(), labels.collect::<Vec<_>>().join(","));
        Arc::new(Line { tape: self.clone(), name })
    }

    fn describe(&self, kind: &str, name: &KeyName, unit: Option<Unit>, description: &str) {
        self.write(format!("{kind} {} {unit:?} {description}", name.as_str()));
    }
}

impl CounterFn for Line {
    fn increment(&self, value: u64) {
        self.tape.write(format!("{} +{value}", self.name));
    }

    fn absolute(&self, value: u64) {
        panic!("nothing sets a counter: {value}");
    }
}

impl HistogramFn for Line {
    fn record(&self, value: f64) {
        self.tape.write(format!("{} {value}", self.name));
    }
}

impl Recorder for Tape {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.describe("counter", &name, unit, &description);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.describe("gauge", &name, unit, &description);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, description: SharedString) {
        self.describe("histogram", &name, unit, &description);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.line(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        panic!("nothing is a gauge: {key}")
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.line(key))
    }
}
