//! Sizes and times as people read them.

const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];

/// A size in decimal units, as disks are sold: `12.3 GB`.
#[expect(clippy::cast_precision_loss, reason = "it is rounded to three digits")]
pub(super) fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    if unit == 0 || value >= 99.95 {
        format!("{value:.0} {}", UNITS[unit])
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

/// Memory in binary units, as it is built: `15.6 GiB`.
#[expect(clippy::cast_precision_loss, reason = "it is rounded to three digits")]
pub(super) fn memory(bytes: u64) -> String {
    const MIB: f64 = 1_048_576.0;
    let mib = bytes as f64 / MIB;
    if mib >= 1_024.0 {
        format!("{:.1} GiB", mib / 1_024.0)
    } else {
        format!("{mib:.0} MiB")
    }
}

/// A span of time by its largest unit: `3 days`.
pub(super) fn span(ms: i64) -> String {
    let minutes = ms.max(0) / 60_000;
    let (count, unit) = match minutes {
        0..60 => (minutes, "minute"),
        60..2_880 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    counted(count, unit)
}

/// `1 row`, `2 rows`.
pub(super) fn counted(count: i64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// `12,345`.
pub(super) fn grouped(count: i64) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if count < 0 {
        grouped.insert(0, '-');
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{counted, grouped, memory, size, span};

    #[test]
    fn they_read_as_people_say_them() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(12_345_678_901), "12.3 GB");
        assert_eq!(size(250_000_000_000), "250 GB");
        assert_eq!(memory(16_376_516 * 1_024), "15.6 GiB");
        assert_eq!(memory(300 << 20), "300 MiB");
        assert_eq!(span(90_000), "1 minute");
        assert_eq!(span(47 * 3_600_000), "47 hours");
        assert_eq!(span(3 * 86_400_000), "3 days");
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
