//! How metrics are written for those who collect them: as OpenMetrics 1.0.0, or in the text format 0.0.4 of Prometheus.
//!
//! They are written once, as OpenMetrics, and turned into the other where that is asked for. OpenMetrics describes
//! families (`x`), 0.0.4 describes samples (`x_total`); 0.0.4 knows fewer types, and neither units, exemplars nor times
//! of creation. One line against the grammar costs a collector all the others, so what is no line of OpenMetrics is left
//! away.

/// A format that metrics are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// The text format of Prometheus, version 0.0.4.
    Text,
    /// OpenMetrics, version 1.0.0.
    OpenMetrics,
}

impl Format {
    /// What an answer says that it is written in.
    #[must_use]
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// The same metrics in the text format 0.0.4.
#[must_use]
pub(crate) fn text_0_0_4(open_metrics: &str) -> String {
    let mut writer =
        Writer { text: String::with_capacity(open_metrics.len()), family: Family::NONE, help: None };
    // Not `lines()`: a label's value may end in a carriage return.
    for line in open_metrics.split('\n') {
        writer.line(line);
    }
    writer.text
}

/// What of OpenMetrics has been turned into text so far.
struct Writer<'a> {
    text: String,
    family: Family<'a>,
    /// The help of a family whose type has not been told yet: the name that it stands under depends on that.
    help: Option<(&'a str, &'a str)>,
}

impl<'a> Writer<'a> {
    fn line(&mut self, line: &'a str) {
        if let Some((name, help)) = comment(line, "# HELP ") {
            self.help(name, help);
        } else if let Some((name, kind)) = comment(line, "# TYPE ") {
            self.family(Family { name, kind: Kind::of(kind) });
        } else if let Some(sample) = Sample::read(line) {
            self.sample(&sample);
        }
    }

    fn help(&mut self, name: &'a str, help: &'a str) {
        self.help = Some((name, help));
        if self.family.name == name {
            self.write_help(self.family.kind.suffix());
        }
    }

    fn family(&mut self, family: Family<'a>) {
        let suffix = family.kind.suffix();
        if self.help.is_some_and(|(name, _)| name == family.name) {
            self.write_help(suffix);
        }
        self.text.extend(["# TYPE ", family.name, suffix, " ", family.kind.in_text(), "\n"]);
        self.family = family;
    }

    fn write_help(&mut self, suffix: &str) {
        let Some((name, help)) = self.help.take() else { return };
        self.text.extend(["# HELP ", name, suffix, " "]);
        push_help(&mut self.text, help);
        self.text.push('\n');
    }

    fn sample(&mut self, sample: &Sample<'_>) {
        // Help without a type: its family is of no known one.
        if let Some((name, _)) = self.help {
            self.family(Family { name, kind: Kind::Unknown });
        }
        if !self.family.has_created(sample.name) {
            self.text.extend([sample.name, sample.labels, " ", sample.value, "\n"]);
        }
    }
}

/// The metrics that one `# TYPE` describes.
#[derive(Clone, Copy, Debug)]
struct Family<'a> {
    name: &'a str,
    kind: Kind,
}

impl Family<'_> {
    const NONE: Self = Self { name: "", kind: Kind::Unknown };

    /// Whether a sample tells when the family was created, rather than being a metric that is called so.
    fn has_created(&self, sample: &str) -> bool {
        let may = matches!(self.kind, Kind::Counter | Kind::Histogram | Kind::Summary);
        may && sample.strip_suffix("_created") == Some(self.name)
    }
}

/// The types of OpenMetrics that end up differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
    Summary,
    Info,
    StateSet,
    Unknown,
}

impl Kind {
    fn of(word: &str) -> Self {
        match word {
            "counter" => Self::Counter,
            "gauge" => Self::Gauge,
            "histogram" => Self::Histogram,
            "summary" => Self::Summary,
            "info" => Self::Info,
            "stateset" => Self::StateSet,
            _ => Self::Unknown,
        }
    }

    /// Its type in 0.0.4.
    const fn in_text(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge | Self::Info | Self::StateSet => "gauge",
            Self::Histogram => "histogram",
            Self::Summary => "summary",
            Self::Unknown => "untyped",
        }
    }

    /// What the names of its samples have behind the family's.
    const fn suffix(self) -> &'static str {
        match self {
            Self::Counter => "_total",
            Self::Info => "_info",
            Self::Gauge | Self::Histogram | Self::Summary | Self::StateSet | Self::Unknown => "",
        }
    }
}

/// One value, without what 0.0.4 does not have behind it.
struct Sample<'a> {
    name: &'a str,
    /// With their braces; empty where there are none.
    labels: &'a str,
    value: &'a str,
}

impl<'a> Sample<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (name, rest) = metric_name(line)?;
        let (labels, rest) = labels(rest)?;
        let (value, rest) = word(rest.strip_prefix(' ')?);
        // A time of OpenMetrics is in seconds, one of 0.0.4 in milliseconds. Nobody needs either: a scrape has its own.
        let is_whole = is_end(rest) || {
            let (time, rest) = word(rest);
            time.parse::<f64>().is_ok() && is_end(rest)
        };
        is_whole.then_some(Self { name, labels, value: number(value)? })
    }
}

/// Whether nothing is left but an exemplar.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with("# {")
}

/// What stands in front of the first blank, and behind it.
fn word(text: &str) -> (&str, &str) {
    text.split_once(' ').unwrap_or((text, ""))
}

/// The name and the words of a comment of that kind.
fn comment<'a>(line: &'a str, kind: &str) -> Option<(&'a str, &'a str)> {
    let (name, words) = word(line.strip_prefix(kind)?);
    metric_name(name)?.1.is_empty().then_some((name, words))
}

/// Values that no number has are spelled as every collector reads them.
fn number(text: &str) -> Option<&str> {
    let number: f64 = text.parse().ok()?;
    Some(match number {
        f64::INFINITY => "+Inf",
        f64::NEG_INFINITY => "-Inf",
        _ if number.is_nan() => "NaN",
        _ => text,
    })
}

/// The name of a metric at the start, and what follows it.
fn metric_name(text: &str) -> Option<(&str, &str)> {
    name(text, |byte| byte == b':' || is_label_byte(byte))
}

const fn is_label_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A name of such bytes at the start, and what follows it.
fn name(text: &str, may: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !may(byte)).unwrap_or(text.len());
    let begins_well = text.bytes().next().is_some_and(|byte| may(byte) && !byte.is_ascii_digit());
    text.split_at_checked(end).filter(|_| begins_well)
}

/// The labels at the start, which may be missing, and what follows them.
fn labels(text: &str) -> Option<(&str, &str)> {
    let Some(mut rest) = text.strip_prefix('{') else { return Some(("", text)) };
    if !rest.starts_with('}') {
        rest = after_label(rest)?;
        while let Some(more) = rest.strip_prefix(',') {
            rest = after_label(more)?;
        }
    }
    let rest = rest.strip_prefix('}')?;
    Some((text.strip_suffix(rest)?, rest))
}

/// What follows the label at the start. Both formats escape its value in the same way.
fn after_label(text: &str) -> Option<&str> {
    let mut value = name(text, is_label_byte)?.1.strip_prefix("=\"")?.chars();
    loop {
        match value.next()? {
            '"' => return Some(value.as_str()),
            '\\' if !matches!(value.next()?, '\\' | '"' | 'n') => return None,
            _ => {}
        }
    }
}

/// Writes help as 0.0.4 has it: OpenMetrics escapes quotes too, and who wrote it may have forgotten to escape.
fn push_help(text: &mut String, help: &str) {
    let mut rest = help;
    while let Some((plain, escaped)) = rest.split_once('\\') {
        text.push_str(plain);
        rest = escaped;
        match escaped.as_bytes().first() {
            Some(b'"') => {}
            Some(b'n') => text.push('\\'),
            Some(b'\\') => {
                text.push_str("\\\\");
                rest = escaped.strip_prefix('\\').unwrap_or(escaped);
            }
            _ => text.push_str("\\\\"),
        }
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::sync::atomic::AtomicU64;
    use std::time::UNIX_EPOCH;

    use prometheus_client::encoding::text::encode;
    use prometheus_client::metrics::counter::Counter;
    use prometheus_client::metrics::exemplar::{CounterWithExemplar, HistogramWithExemplars};
    use prometheus_client::metrics::family::Family;
    use prometheus_client::metrics::gauge::Gauge;
    use prometheus_client::metrics::histogram::Histogram;
    use prometheus_client::metrics::info::Info;
    use prometheus_client::registry::{Registry, Unit};
    use proptest::prelude::*;

    use super::*;

    type Labels = Vec<(&'static str, String)>;

    fn labels_of(value: &str) -> Labels {
        vec![("site", value.to_owned()), ("outcome", "refused".to_owned())]
    }

    fn text_of(registry: &Registry) -> String {
        let mut open_metrics = String::new();
        encode(&mut open_metrics, registry).unwrap();
        assert!(open_metrics.ends_with("# EOF\n"));
        text_0_0_4(&open_metrics)
    }

    /// A registry with every kind of metric, and this as a label and an exemplar.
    fn registry(label: &str, help: &str) -> Registry {
        let mut registry = Registry::with_prefix_and_labels(
            "tollgate",
            [(Cow::Borrowed("service"), Cow::Owned(label.to_owned()))].into_iter(),
        );
        let labels = labels_of(label);
        let counters = Family::<Labels, Counter>::default();
        counters.get_or_create(&labels).inc_by(7);
        registry.register("decisions", help, counters);
        let gauges = Family::<Labels, Gauge>::default();
        gauges.get_or_create(&labels).set(-3);
        registry.register("active_requests", help, gauges);
        let histograms =
            Family::<Labels, Histogram>::new_with_constructor(|| Histogram::new([0.005, 1.0, 10.0]));
        histograms.get_or_create(&labels).observe(0.5);
        registry.register_with_unit("request_duration", help, Unit::Seconds, histograms);
        let counter = CounterWithExemplar::<Labels>::default();
        counter.inc_by(1, Some(labels.clone()), None);
        registry.register_with_unit("sent", help, Unit::Bytes, counter);
        let histogram = HistogramWithExemplars::<Labels>::new([1.0].into_iter());
        histogram.observe(0.5, Some(labels.clone()), Some(UNIX_EPOCH));
        registry.register("waiting_seconds", help, histogram);
        registry.register("build", help, Info::new(labels));
        registry
    }

    #[test]
    fn a_counter_is_described_by_the_name_of_its_sample() {
        let mut registry = Registry::default();
        let counter: Counter = Counter::default();
        counter.inc_by(7);
        registry.register("tollgate_decisions", "What policies decided", counter);
        assert_eq!(
            text_of(&registry),
            "# HELP tollgate_decisions_total What policies decided.\n\
             # TYPE tollgate_decisions_total counter\n\
             tollgate_decisions_total 7\n"
        );
    }

    #[test]
    fn a_gauge_is_described_by_its_name_and_its_value_as_every_collector_reads_it() {
        for (value, written) in
            [(-1.5, "-1.5"), (f64::INFINITY, "+Inf"), (f64::NEG_INFINITY, "-Inf"), (f64::NAN, "NaN")]
        {
            let mut registry = Registry::default();
            let gauge = Gauge::<f64, AtomicU64>::default();
            gauge.set(value);
            registry.register("queue_length", "How many wait", gauge);
            let sample = format!("queue_length {written}\n");
            let text = format!("# HELP queue_length How many wait.\n# TYPE queue_length gauge\n{sample}");
            assert_eq!(text_of(&registry), text);
        }
    }

    #[test]
    fn a_histogram_keeps_its_name_and_loses_its_unit() {
        let mut registry = Registry::default();
        let histogram = Histogram::new([0.25, 1.0]);
        histogram.observe(0.5);
        registry.register_with_unit("request_duration", "How long it took", Unit::Seconds, histogram);
        assert_eq!(
            text_of(&registry),
            "# HELP request_duration_seconds How long it took.\n\
             # TYPE request_duration_seconds histogram\n\
             request_duration_seconds_sum 0.5\n\
             request_duration_seconds_count 1\n\
             request_duration_seconds_bucket{le=\"0.25\"} 0\n\
             request_duration_seconds_bucket{le=\"1.0\"} 1\n\
             request_duration_seconds_bucket{le=\"+Inf\"} 1\n"
        );
    }

    #[test]
    fn exemplars_are_left_away() {
        let mut registry = Registry::default();
        let histogram = HistogramWithExemplars::<Labels>::new([1.0].into_iter());
        histogram.observe(0.5, Some(labels_of("a # {b=\"c\"} 1")), Some(UNIX_EPOCH));
        let counter = CounterWithExemplar::<Labels>::default();
        counter.inc_by(2, Some(labels_of("a")), None);
        registry.register("waiting_seconds", "Help", histogram);
        registry.register("sent", "Help", counter);
        assert_eq!(
            text_of(&registry),
            "# HELP waiting_seconds Help.\n\
             # TYPE waiting_seconds histogram\n\
             waiting_seconds_sum 0.5\n\
             waiting_seconds_count 1\n\
             waiting_seconds_bucket{le=\"1.0\"} 1\n\
             waiting_seconds_bucket{le=\"+Inf\"} 1\n\
             # HELP sent_total Help.\n\
             # TYPE sent_total counter\n\
             sent_total 2\n"
        );
    }

    #[test]
    fn what_looks_like_an_exemplar_within_a_label_stays() {
        let mut registry = Registry::default();
        let counters = Family::<Labels, Counter>::default();
        counters.get_or_create(&labels_of("a # {b=\"c\"} 1 \\ \n d")).inc();
        registry.register("x", "Help", counters);
        let text = text_of(&registry);
        let sample = text.lines().last().unwrap();
        assert_eq!(sample, r#"x_total{site="a # {b=\"c\"} 1 \\ \n d",outcome="refused"} 1"#);
    }

    #[test]
    fn an_info_is_a_gauge() {
        let mut registry = Registry::default();
        registry.register("build", "What runs", Info::new(vec![("version", "0.1.0")]));
        assert_eq!(
            text_of(&registry),
            "# HELP build_info What runs.\n# TYPE build_info gauge\nbuild_info{version=\"0.1.0\"} 1\n"
        );
    }

    #[test]
    fn the_other_types_become_what_the_text_format_knows() {
        for (open_metrics, text) in [
            ("# TYPE x stateset\nx{x=\"a\"} 1\n", "# TYPE x gauge\nx{x=\"a\"} 1\n"),
            ("# TYPE x unknown\nx 1\n", "# TYPE x untyped\nx 1\n"),
            ("# TYPE x gaugehistogram\nx_gcount 1\n", "# TYPE x untyped\nx_gcount 1\n"),
            (
                "# TYPE x summary\nx{quantile=\"0.5\"} 1\nx_count 2\n",
                "# TYPE x summary\nx{quantile=\"0.5\"} 1\nx_count 2\n",
            ),
        ] {
            assert_eq!(text_0_0_4(&format!("{open_metrics}# EOF\n")), text);
        }
    }

    #[test]
    fn times_of_creation_are_left_away_and_metrics_that_are_called_so_stay() {
        for kind in ["counter", "histogram", "summary"] {
            let text = text_0_0_4(&format!("# TYPE x {kind}\nx_created{{a=\"b\"}} 1.5\nx_created 1\n"));
            assert!(!text.contains("created"), "{text}");
        }
        for (open_metrics, text) in [
            ("# TYPE x_created gauge\nx_created 1\n", "# TYPE x_created gauge\nx_created 1\n"),
            ("# TYPE x counter\ny_created 1\n", "# TYPE x_total counter\ny_created 1\n"),
        ] {
            assert_eq!(text_0_0_4(open_metrics), text);
        }
    }

    #[test]
    fn times_of_samples_are_left_away() {
        let open_metrics =
            "# TYPE x counter\nx_total 1 1520879607.789\nx_total{a=\"b\"} 2 3 # {a=\"b\"} 4 5\n";
        assert_eq!(text_0_0_4(open_metrics), "# TYPE x_total counter\nx_total 1\nx_total{a=\"b\"} 2\n");
    }

    #[test]
    fn help_finds_its_sample_wherever_it_stands() {
        for (open_metrics, text) in [
            (
                "# TYPE x counter\n# HELP x a\nx_total 1\n",
                "# TYPE x_total counter\n# HELP x_total a\nx_total 1\n",
            ),
            ("# HELP x a\nx 1\n", "# HELP x a\n# TYPE x untyped\nx 1\n"),
            ("# HELP x a\n# HELP y b\n# TYPE y gauge\n", "# HELP y b\n# TYPE y gauge\n"),
            ("# HELP x\n# TYPE x gauge\n", "# HELP x \n# TYPE x gauge\n"),
        ] {
            assert_eq!(text_0_0_4(open_metrics), text);
        }
    }

    #[test]
    fn help_is_escaped_as_the_text_format_has_it() {
        for (open_metrics, text) in [
            (r"a \\ b", r"a \\ b"),
            (r"a \n b", r"a \n b"),
            (r#"a \"b\" "c""#, r#"a "b" "c""#),
            (r"C:\temp", r"C:\\temp"),
            (r"at the end \", r"at the end \\"),
            (r"\\n \\\n \\\\", r"\\n \\\n \\\\"),
            ("é \\é", "é \\\\é"),
        ] {
            let expected = format!("# HELP x {text}\n# TYPE x gauge\n");
            assert_eq!(text_0_0_4(&format!("# HELP x {open_metrics}\n# TYPE x gauge\n")), expected);
        }
    }

    #[test]
    fn what_is_no_line_is_left_away() {
        for line in [
            "",
            " ",
            "# EOF",
            "# UNIT x seconds",
            "# a remark",
            "#",
            "# TYPE 1x gauge",
            "# HELP x{} a",
            "x",
            "x ",
            "x one",
            "x  1",
            "x\t1",
            "1x 1",
            " x 1",
            "x 1 2 3",
            "x 1 and more",
            "x{a=\"b\" 1",
            "x{a=\"b\\q\"} 1",
            "x{a=b} 1",
            "x{a=\"b\",} 1",
            "x{,} 1",
            "x{1a=\"b\"} 1",
            "x{a:b=\"b\"} 1",
            "x{a=\"b\"}1",
            "x{\"x\"} 1",
            "é 1",
        ] {
            assert_eq!(text_0_0_4(&format!("y 1\n{line}\n")), "y 1\n", "{line:?}");
        }
    }

    #[test]
    fn every_kind_of_metric_is_there_with_hostile_labels() {
        let text = text_of(&registry("\"\\\n # {a=\"b\"} 1,x=}{", "Help"));
        for sample in [
            r#"tollgate_decisions_total{service="\"\\\n # {a=\"b\"} 1,x=}{",site="\"\\\n # {a=\"b\"} 1,x=}{",outcome="refused"} 7"#,
            "# TYPE tollgate_active_requests gauge",
            "# TYPE tollgate_request_duration_seconds histogram",
            "# TYPE tollgate_sent_bytes_total counter",
            "# TYPE tollgate_waiting_seconds histogram",
            "# TYPE tollgate_build_info gauge",
        ] {
            assert!(text.lines().any(|line| line == sample), "{sample} is not in\n{text}");
        }
        assert_eq!(grammar::faults(&text), Vec::<String>::new());
        assert!(!text.contains("# UNIT") && !text.contains("# EOF"));
    }

    /// The grammar of 0.0.4, written down a second time, from its description.
    mod grammar {
        /// The lines that a collector would stumble over.
        pub(super) fn faults(text: &str) -> Vec<String> {
            let whole = text.is_empty() || text.ends_with('\n');
            let is_fault = |line: &&str| match line.strip_prefix("# ") {
                Some(comment) if comment.starts_with("TYPE ") => !is_type(comment),
                Some(comment) => !is_help(comment),
                None => sample(line).is_none(),
            };
            let lines = text.strip_suffix('\n').unwrap_or(text).split('\n').filter(|line| !line.is_empty());
            let mut faults: Vec<_> = lines.filter(is_fault).map(str::to_owned).collect();
            if !whole {
                faults.push("no end of line".to_owned());
            }
            faults
        }

        fn is_type(comment: &str) -> bool {
            let words: Vec<_> = comment.split(' ').collect();
            let kinds = ["counter", "gauge", "histogram", "summary", "untyped"];
            matches!(words[..], ["TYPE", name, kind] if is_name(name) && kinds.contains(&kind))
        }

        fn is_help(comment: &str) -> bool {
            let words: Vec<_> = comment.splitn(3, ' ').collect();
            let ["HELP", name, help] = words[..] else { return false };
            is_name(name) && !help.replace("\\\\", "").replace("\\n", "").contains('\\')
        }

        fn is_name(name: &str) -> bool {
            let mut characters = name.chars();
            let begins = |c: char| c.is_ascii_alphabetic() || c == '_' || c == ':';
            characters.next().is_some_and(begins) && characters.all(|c| begins(c) || c.is_ascii_digit())
        }

        /// The labels of a sample, without escapes.
        pub(super) fn sample(line: &str) -> Option<Vec<(String, String)>> {
            let bare = line.find(['{', ' '])?;
            let (name, mut rest) = line.split_at(bare);
            let mut labels = Vec::new();
            if let Some(within) = rest.strip_prefix('{') {
                rest = within;
                while !rest.starts_with('}') {
                    let (name, value) = rest.split_once("=\"")?;
                    let (value, more) = unescape(value)?;
                    labels.push((name.to_owned(), value));
                    rest = more.strip_prefix(',').unwrap_or(more);
                    (is_name(name) && !name.contains(':')).then_some(())?;
                }
                rest = &rest[1..];
            }
            let value = rest.strip_prefix(' ')?;
            let is_value =
                ["+Inf", "-Inf", "NaN"].contains(&value) || value.parse().is_ok_and(f64::is_finite);
            (is_name(name) && is_value).then_some(labels)
        }

        fn unescape(text: &str) -> Option<(String, &str)> {
            let (mut value, mut characters) = (String::new(), text.chars());
            loop {
                match characters.next()? {
                    '"' => return Some((value, characters.as_str())),
                    '\\' => value.push(match characters.next()? {
                        'n' => '\n',
                        plain @ ('\\' | '"') => plain,
                        _ => return None,
                    }),
                    plain => value.push(plain),
                }
            }
        }
    }

    /// What means something in these formats, and anything else.
    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![r#"[ \\"{}#,=\na-c1\r]{0,24}"#, "(?s).{0,24}"]
    }

    /// Nearly OpenMetrics.
    fn hostile_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("# HELP x ".to_owned()),
            Just("# HELP y ".to_owned()),
            Just("\n# HELP z counted\n# TYPE z counter\nz_total 1\nz_created 1\n".to_owned()),
            Just("x{a=\"b\"} 1".to_owned()),
            Just("x_total 1e999 # {".to_owned()),
            Just("{a=\"".to_owned()),
            Just("\"} nan".to_owned()),
            Just("\n".to_owned()),
            hostile(),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_line_of_a_registry_is_one_of_the_text_format(label in hostile(), help in hostile()) {
            let text = text_of(&registry(&label, &help));
            prop_assert_eq!(grammar::faults(&text), Vec::<String>::new(), "{}", text);
        }

        #[test]
        fn labels_say_what_they_said(label in hostile()) {
            let text = text_of(&registry(&label, "Help"));
            let samples: Vec<_> = text.split('\n').filter(|line| !line.is_empty() && !line.starts_with("# ")).collect();
            prop_assert_eq!(samples.len(), 1 + 1 + 6 + 1 + 4 + 1, "{}", text);
            for sample in samples {
                let labels = grammar::sample(sample).unwrap();
                prop_assert_eq!(&labels[0], &("service".to_owned(), label.clone()));
            }
        }

        #[test]
        fn whatever_is_written_every_line_is_one_of_the_text_format(open_metrics in hostile_text()) {
            let text = text_0_0_4(&open_metrics);
            prop_assert_eq!(grammar::faults(&text), Vec::<String>::new(), "{:?}", text);
        }
    }
}
