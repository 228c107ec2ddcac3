//! The text form that Prometheus reads (version 0.0.4).

use std::fmt::{Display, Write};

use super::histogram::Shape;

/// A text in the making.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
}

impl Exposition {
    /// What the text is to a client.
    pub const CONTENT_TYPE: &'static str = "text/plain; version=0.0.4; charset=utf-8";

    /// A number that only grows, with its values by labels.
    pub fn counter<V: Display>(&mut self, name: &str, help: &str, values: &[(&[(&str, &str)], V)]) {
        self.family(name, help, "counter");
        self.samples(name, values);
    }

    /// A number that goes up and down, with its values by labels.
    pub fn gauge<V: Display>(&mut self, name: &str, help: &str, values: &[(&[(&str, &str)], V)]) {
        self.family(name, help, "gauge");
        self.samples(name, values);
    }

    /// A histogram; `scale` is what a value of 1 stands for.
    pub fn histogram(&mut self, name: &str, help: &str, shape: &Shape, scale: f64) {
        #[expect(clippy::cast_precision_loss, reason = "sizes and times far below 2^53")]
        let scaled = |value: u64| value as f64 * scale;
        self.family(name, help, "histogram");
        let bucket = format!("{name}_bucket");
        for (bound, count) in &shape.at_most {
            self.sample(&bucket, &[("le", &scaled(*bound).to_string())], count);
        }
        self.sample(&bucket, &[("le", "+Inf")], shape.count);
        self.sample(&format!("{name}_sum"), &[], scaled(shape.sum));
        self.sample(&format!("{name}_count"), &[], shape.count);
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.text
    }

    fn family(&mut self, name: &str, help: &str, kind: &str) {
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        self.line(&format!("# HELP {name} {help}"));
        self.line(&format!("# TYPE {name} {kind}"));
    }

    fn samples<V: Display>(&mut self, name: &str, values: &[(&[(&str, &str)], V)]) {
        for (labels, value) in values {
            self.sample(name, labels, value);
        }
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
            .collect();
        let labels = if labels.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", labels.join(","))
        };
        self.line(&format!("{name}{labels} {value}"));
    }

    fn line(&mut self, line: &str) {
        writeln!(self.text, "{line}").expect("writing to a String never fails");
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::Exposition;
    use crate::metrics::Histogram;

    #[test]
    fn it_is_the_text_that_prometheus_reads() {
        let mut text = Exposition::default();
        text.gauge("hive_bees", "Bees, at home.", &[(&[], 3)]);
        text.counter(
            "hive_visits_total",
            "Visits by flower.",
            &[(&[("flower", "a \"b\"\\\n")], 2)],
        );
        let histogram = Histogram::new(&[1_000, 5_000]);
        histogram.add(500);
        histogram.add(7_500);
        text.histogram("hive_flight_seconds", "Flights.", &histogram.shape(), 1e-6);
        assert_eq!(
            text.into_text(),
            "# HELP hive_bees Bees, at home.\n\
             # TYPE hive_bees gauge\n\
             hive_bees 3\n\
             # HELP hive_visits_total Visits by flower.\n\
             # TYPE hive_visits_total counter\n\
             hive_visits_total{flower=\"a \\\"b\\\"\\\\\\n\"} 2\n\
             # HELP hive_flight_seconds Flights.\n\
             # TYPE hive_flight_seconds histogram\n\
             hive_flight_seconds_bucket{le=\"0.001\"} 1\n\
             hive_flight_seconds_bucket{le=\"0.005\"} 1\n\
             hive_flight_seconds_bucket{le=\"+Inf\"} 2\n\
             hive_flight_seconds_sum 0.008\n\
             hive_flight_seconds_count 2\n"
        );
    }
}
