//! The entities by their old names: how today's queries begin with them, and what their fields are called now.

use serde_json::Value as Json;

use super::shapes;

/// A kind of entity in the old API.
pub struct Kind {
    /// Its `_type`.
    pub word: &'static str,
    /// Its name today.
    pub name: &'static str,
    /// The operation that lists all of them.
    pub list: &'static str,
    /// The operation that gets one.
    pub get: &'static str,
    /// What the old form needs beside the entity itself.
    pub extra: &'static [&'static str],
    /// Gives an entity its old form.
    pub shape: fn(&Json) -> Json,
    /// Old names of fields with today's, beside those that all kinds have.
    pub fields: &'static [(&'static str, &'static str)],
}

/// Fields that every kind has.
const STAMPS: [(&str, &str); 5] = [
    ("id", "_id"),
    ("createdAt", "_createdAt"),
    ("createdBy", "_createdBy"),
    ("updatedAt", "_updatedAt"),
    ("updatedBy", "_updatedBy"),
];
/// What a custom field's path ends with in the old API.
const CUSTOM_FIELD_TYPES: [&str; 7] = [
    "string", "integer", "number", "float", "boolean", "date", "url",
];

impl Kind {
    /// Today's name of a field.
    pub fn field(&self, old: &str) -> String {
        let known = self.fields.iter().chain(&STAMPS);
        if let Some((_, now)) = known.into_iter().find(|(name, _)| *name == old) {
            return (*now).to_owned();
        }
        match old.rsplit_once('.') {
            Some((field, kind))
                if field.starts_with("customFields.") && CUSTOM_FIELD_TYPES.contains(&kind) =>
            {
                field.to_owned()
            }
            _ => old.to_owned(),
        }
    }

    /// The entity with its old form, from a list of entities.
    pub fn shape_all(&self, entities: &Json) -> Json {
        let list = entities.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().map(self.shape).collect()
    }
}

/// A kind whose entities keep their form but for their names.
const fn plain(
    word: &'static str,
    name: &'static str,
    list: &'static str,
    get: &'static str,
    shape: fn(&Json) -> Json,
) -> Kind {
    Kind {
        word,
        name,
        list,
        get,
        extra: &[],
        shape,
        fields: &[],
    }
}

pub static CASE: Kind = Kind {
    extra: &[],
    fields: &[
        ("caseId", "number"),
        ("owner", "assignee"),
        ("user", "assignee"),
        ("resolutionStatus", "status"),
    ],
    ..plain("case", "Case", "listCase", "getCase", shapes::case)
};
pub static TASK: Kind = Kind {
    extra: &["case"],
    fields: &[("owner", "assignee")],
    ..plain("case_task", "Task", "listTask", "getTask", shapes::task)
};
pub static LOG: Kind = Kind {
    extra: &["task", "case"],
    fields: &[("startDate", "date")],
    ..plain("case_task_log", "Log", "listLog", "getLog", shapes::log)
};
pub static OBSERVABLE: Kind = Kind {
    extra: &["links", "seen"],
    ..plain(
        "case_artifact",
        "Observable",
        "listObservable",
        "getObservable",
        shapes::observable,
    )
};
pub static ALERT: Kind = Kind {
    fields: &[("caseId", "case"), ("owner", "assignee")],
    ..plain("alert", "Alert", "listAlert", "getAlert", shapes::alert)
};
pub static TEMPLATE: Kind = plain(
    "caseTemplate",
    "CaseTemplate",
    "listCaseTemplate",
    "getCaseTemplate",
    shapes::template,
);
pub static USER: Kind = plain("user", "User", "listUser", "getUser", shapes::user);
pub static ORGANISATION: Kind = plain(
    "organisation",
    "Organisation",
    "listOrganisation",
    "getOrganisation",
    shapes::organisation,
);
pub static PROFILE: Kind = plain(
    "profile",
    "Profile",
    "listProfile",
    "getProfile",
    shapes::profile,
);
pub static CUSTOM_FIELD: Kind = Kind {
    fields: &[("reference", "name")],
    ..plain(
        "customField",
        "CustomField",
        "listCustomField",
        "getCustomField",
        shapes::custom_field,
    )
};
pub static OBSERVABLE_TYPE: Kind = plain(
    "ObservableType",
    "ObservableType",
    "listObservableType",
    "getObservableType",
    shapes::stamped,
);
pub static SHARE: Kind = plain("share", "Share", "listShare", "getShare", shapes::share);
pub static DASHBOARD: Kind = plain(
    "dashboard",
    "Dashboard",
    "listDashboard",
    "getDashboard",
    shapes::dashboard,
);
pub static TAG: Kind = plain("tag", "Tag", "listTag", "getTag", shapes::stamped);
pub static PAGE: Kind = plain("page", "Page", "listPage", "getPage", shapes::stamped);
pub static AUDIT: Kind = Kind {
    fields: &[("operation", "action"), ("base", "mainAction")],
    ..plain("audit", "Audit", "listAudit", "getAudit", shapes::audit)
};
pub static JOB: Kind = Kind {
    extra: &["report"],
    ..plain(
        "case_artifact_job",
        "case_artifact_job",
        "listJob",
        "getJob",
        shapes::stamped,
    )
};
pub static ACTION: Kind = plain(
    "action",
    "Action",
    "listAction",
    "getAction",
    shapes::stamped,
);
pub static ANALYZER_TEMPLATE: Kind = plain(
    "analyzerTemplate",
    "AnalyzerTemplate",
    "listAnalyzerTemplate",
    "getReportTemplate",
    shapes::stamped,
);

/// All of them.
static ALL: [&Kind; 19] = [
    &CASE,
    &TASK,
    &LOG,
    &OBSERVABLE,
    &ALERT,
    &TEMPLATE,
    &USER,
    &ORGANISATION,
    &PROFILE,
    &CUSTOM_FIELD,
    &OBSERVABLE_TYPE,
    &SHARE,
    &DASHBOARD,
    &TAG,
    &PAGE,
    &AUDIT,
    &JOB,
    &ACTION,
    &ANALYZER_TEMPLATE,
];

/// The kind of an old name.
pub fn by_word(word: &str) -> Option<&'static Kind> {
    match word {
        "alert_artifact" => Some(&OBSERVABLE),
        "caseTemplate_task" => Some(&TASK),
        _ => ALL.into_iter().find(|kind| kind.word == word),
    }
}

/// The kind of a name of today.
pub fn by_name(name: &str) -> Option<&'static Kind> {
    ALL.into_iter().find(|kind| kind.name == name)
}

/// How a query goes from entities of the kind `from` to those of `to` that hang on them, or on which they hang.
pub fn way(from: &str, to: &str) -> Option<&'static [&'static str]> {
    Some(match (from, to) {
        ("case", "case_task") | ("caseTemplate", "case_task" | "caseTemplate_task") => &["tasks"],
        ("case", "case_task_log") => &["tasks", "logs"],
        ("case" | "alert", "case_artifact") => &["observables"],
        ("case_task", "case_task_log") => &["logs"],
        ("case_artifact", "case_artifact_job") => &["jobs"],
        ("case_task" | "case_artifact" | "case_task_log" | "alert", "case") => &["case"],
        ("case_task_log", "case_task") => &["task"],
        ("alert_artifact", "alert") => &["alert"],
        ("caseTemplate_task", "caseTemplate") => &["caseTemplate"],
        ("case", "alert") => &["alerts"],
        _ => return None,
    })
}
