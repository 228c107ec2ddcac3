//! One thing that was looked at, what was found and what to do about it.

use serde::Serialize;

/// How it stands. The order is by how bad it is, and [`Verdict::exit_code`] follows the convention of monitoring
/// plug-ins (0 well, 1 warning, 2 critical, 3 unknown).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It could not be found out.
    Unknown,
    /// It works, but somebody should look.
    Warning,
    /// It does not work, or data is in danger; before an installation: refused.
    Critical,
}

impl Verdict {
    /// The exit status of a check whose worst finding this is.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }
}

/// One line of a preflight table or of a health check. Its fields are the stable keys of `--json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Finding {
    /// Stable name for machines, e.g. `memory`.
    pub id: &'static str,
    /// The same for people, e.g. `Memory`.
    pub title: &'static str,
    /// How it stands.
    pub verdict: Verdict,
    /// What was found, with its numbers and units.
    pub found: String,
    /// What is needed, where that is a figure or a state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needed: Option<String>,
    /// What to do, as a sentence or a command; nothing where all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    /// All is well.
    pub fn ok(id: &'static str, title: &'static str, found: impl Into<String>) -> Self {
        Self::new(id, title, Verdict::Ok, found.into(), None)
    }

    /// Somebody should look, and do this.
    pub fn warning(
        id: &'static str,
        title: &'static str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(
            id,
            title,
            Verdict::Warning,
            found.into(),
            Some(remedy.into()),
        )
    }

    /// It does not work, or data is in danger, until this is done.
    pub fn critical(
        id: &'static str,
        title: &'static str,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(
            id,
            title,
            Verdict::Critical,
            found.into(),
            Some(remedy.into()),
        )
    }

    /// It could not be found out, for this reason.
    pub fn unknown(id: &'static str, title: &'static str, found: impl Into<String>) -> Self {
        Self::new(id, title, Verdict::Unknown, found.into(), None)
    }

    /// The same finding, with what is needed.
    #[must_use]
    pub fn needs(mut self, needed: impl Into<String>) -> Self {
        self.needed = Some(needed.into());
        self
    }

    /// The same finding, with what to do.
    #[must_use]
    pub fn advises(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    fn new(
        id: &'static str,
        title: &'static str,
        verdict: Verdict,
        found: String,
        remedy: Option<String>,
    ) -> Self {
        Self {
            id,
            title,
            verdict,
            found,
            needed: None,
            remedy,
        }
    }
}

/// The worst verdict among `findings`; of none, that all is well.
pub fn worst(findings: &[Finding]) -> Verdict {
    findings
        .iter()
        .map(|finding| finding.verdict)
        .max()
        .unwrap_or(Verdict::Ok)
}

#[cfg(test)]
mod tests {
    use super::{Finding, Verdict, worst};

    #[test]
    fn the_worst_decides_and_what_is_unknown_is_not_worse_than_a_warning() {
        let well = Finding::ok("memory", "Memory", "16.0 GiB");
        let unknown = Finding::unknown("clock", "Clock", "nobody knows");
        let warning = Finding::warning("disk", "Disk", "12 GB free", "Free some space.");
        assert_eq!(worst(&[]), Verdict::Ok);
        assert_eq!(worst(&[well.clone(), unknown.clone()]).exit_code(), 3);
        assert_eq!(worst(&[warning, unknown, well]).exit_code(), 1);
    }
}
