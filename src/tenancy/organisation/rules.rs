//! Pure decisions about organisations.

use crate::access::FieldProblem;

/// The sharing rules an organisation or a case can have.
const SHARING_RULES: [&str; 2] = ["manual", "autoShare"];

/// Whether `rule` is a sharing rule; `name` is the attribute it came in.
pub(crate) fn check_sharing_rule(name: &str, rule: &str) -> Result<(), FieldProblem> {
    if SHARING_RULES.contains(&rule) {
        Ok(())
    } else {
        Err(FieldProblem::format(
            name,
            format!("must be one of {}", SHARING_RULES.join(", ")),
        ))
    }
}
