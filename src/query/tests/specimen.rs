//! Two kinds of entities that have a field of every sort: specimens, and the parts that some of them have.

use serde_json::{Value as Json, json};

use super::world::OWN;
use crate::access::visible::parse_id;
use crate::access::{Predicate, Result, Scope, Viewable};
use crate::query::Source::{Column, Expression, Scoped, Set};
use crate::query::{
    Catalogue, Choices, Edge, End, Entity, Family, Field, Indexed, Kind, Member, Shaping, Start,
    Through, ValueList,
};
use crate::storage::full_text::{self, Texts};
use crate::storage::{Queries, Row, Value, WriteTx, full_text_from_nothing};
use crate::text::fold::fold;

/// A specimen, and what it has.
#[derive(Debug, Clone, Default)]
pub struct Specimen {
    pub id: i64,
    pub organisation_id: i64,
    pub title: String,
    pub code: String,
    pub body: String,
    pub severity: i64,
    pub size: Option<i64>,
    pub weight: Option<f64>,
    pub is_flagged: bool,
    pub found_at: Option<i64>,
    pub sent_at: Option<i64>,
    pub owner: Option<String>,
    pub parent_id: Option<i64>,
    pub created_at: i64,
    pub tags: Vec<String>,
    pub parts: Vec<Part>,
    /// Values of fields that people have defined: the id of the definition, the value.
    pub notes: Vec<(i64, Value)>,
}

/// A part of a specimen. It may belong to another organisation than the specimen.
#[derive(Debug, Clone, Default)]
pub struct Part {
    pub id: i64,
    pub organisation_id: i64,
    pub code: String,
}

/// A specimen of the caller's organisation.
pub fn a_specimen(id: i64, code: &str) -> Specimen {
    Specimen {
        id,
        organisation_id: OWN,
        title: code.to_owned(),
        code: code.to_owned(),
        created_at: id * 1_000,
        severity: 2,
        ..Specimen::default()
    }
}

pub const SEVERITIES: &[(i64, &str)] = &[(1, "low"), (2, "medium"), (3, "high"), (4, "critical")];
pub const TAGS: crate::query::Source = Set {
    from: "specimen_tag",
    key: "specimen_tag.specimen_id",
    element: "specimen_tag.tag",
};

fn is_late(scope: &Scope) -> Predicate {
    Predicate::new(
        "case when specimen.sent_at < ? then 1 else 0 end",
        vec![scope.now_ms.into()],
    )
}

pub const SPECIMEN: Entity = Entity {
    list: &["listSpecimen"],
    get: &["getSpecimen"],
    count: &["countSpecimen"],
    starts: &[Start {
        name: "flaggedSpecimens",
        end: End::Entities,
        pick: |_, _| Ok(Predicate::new("specimen.is_flagged = ?", vec![1.into()])),
    }],
    fields: &[
        Field::text("title", Column("title"))
            .folded("title_folded")
            .indexed(Indexed::Title),
        Field::text("code", Column("code")),
        Field::prose("body", Column("body"), Indexed::Body),
        Field::scale("severity", Column("severity"), SEVERITIES),
        Field::integer("size", Column("size")).optional(),
        Field::float("weight", Column("weight")).optional(),
        Field::boolean("flagged", Column("is_flagged")),
        Field::date("found", Column("found_at")).optional(),
        Field::date("sent", Column("sent_at")).optional(),
        Field::user("owner", Column("owner")).optional(),
        Field::choice(
            "grade",
            Expression(GRADE),
            Choices::Fixed(&["heavy", "light"]),
        )
        .optional(),
        Field::id("parent", Column("parent_id")).optional(),
        Field::text("tags", TAGS),
        Field::boolean("late", Scoped(is_late)),
        Field::duration("travel", Expression("specimen.sent_at - specimen.found_at")),
    ],
    families: &[NOTES],
    edges: &[
        Edge::new("parts", "Part", "id", "specimen_id"),
        Edge::new("children", "Specimen", "id", "parent_id"),
        Edge::new("siblings", "Specimen", "parent_id", "parent_id"),
        Edge::new("alike", "Specimen", "id", "id").through(Through {
            from: "specimen_tag join specimen_tag as other on other.tag = specimen_tag.tag",
            near: "specimen_tag.specimen_id",
            far: "other.specimen_id",
        }),
    ],
    about_all: Some("select count(*) from specimen"),
    visible_ids: Some(|scope| {
        let own = vec![scope.organisation.id.into()];
        Predicate::new(
            "select own.id from specimen as own where own.organisation_id = ?",
            own,
        )
    }),
    values: &[
        ValueList {
            name: "owners",
            edge: None,
            field: "owner",
        },
        ValueList {
            name: "partCodes",
            edge: Some("parts"),
            field: "code",
        },
    ],
    ..Entity::of::<SpecimenRow>("specimen", "specimen", shape_specimens)
};

/// The fields that people have defined: `notes.word` and the others.
const NOTES: Family = Family {
    prefix: "notes.",
    from: "specimen_note",
    key: "specimen_note.specimen_id",
    member: "specimen_note.definition_id",
    find: |_, name| Ok(note(name)),
    all: |_| Ok(NOTE_NAMES.iter().filter_map(|name| note(name)).collect()),
};
const NOTE_NAMES: [&str; 5] = ["word", "whole", "real", "yes", "day"];

fn note(name: &str) -> Option<Member> {
    let place = NOTE_NAMES.iter().position(|other| *other == name)?;
    let (kind, element) = [
        (Kind::Text, "specimen_note.text_value"),
        (Kind::Integer, "specimen_note.whole_value"),
        (Kind::Float, "specimen_note.real_value"),
        (Kind::Boolean, "specimen_note.whole_value"),
        (Kind::Date, "specimen_note.whole_value"),
    ][place];
    Some(Member {
        id: i64::try_from(place).unwrap() + 1,
        name: name.to_owned(),
        kind,
        element,
        folded: (place == 0).then_some("specimen_note.text_folded"),
        options: (place == 1).then(|| vec![json!(1), json!(2)]),
    })
}

/// Looks them up without a database.
pub struct Notes;

impl crate::query::resolve::Members for Notes {
    fn find(&self, _family: &Family, name: &str) -> Result<Option<Member>> {
        Ok(note(name))
    }
}

/// An expression that gives text, and nothing where there is no weight.
const GRADE: &str =
    "case when specimen.weight > 10 then 'heavy' when specimen.weight is not null then 'light' end";

pub const PART: Entity = Entity {
    list: &["listPart"],
    get: &["getPart"],
    fields: &[Field::text("code", Column("code"))],
    edges: &[Edge::new("specimen", "Specimen", "specimen_id", "id")],
    ..Entity::of::<PartRow>("part", "part", shape_parts)
};

pub fn catalogue() -> Catalogue {
    Catalogue::new([SPECIMEN, PART])
}

/// What is read of a specimen or a part: enough to see which it is.
pub struct SpecimenRow(i64, String);
pub struct PartRow(i64, String);

impl Viewable for SpecimenRow {
    const KIND: &'static str = "Specimen";
    const SELECT: &'static str =
        "select specimen.id, specimen.code, (select count(*) from part) from specimen where";

    fn visible(scope: &Scope) -> Predicate {
        let own = vec![scope.organisation.id.into()];
        Predicate::new("specimen.organisation_id = ?", own)
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        let mut row = row.reader();
        Ok(Self(row.take()?, row.take()?))
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        Some(match parse_id(reference) {
            Some(id) => ("specimen.id = ?1", id.into()),
            None => ("specimen.code = ?1", reference.into()),
        })
    }
}

impl Viewable for PartRow {
    const KIND: &'static str = "Part";
    const SELECT: &'static str = "select part.id, part.code from part where";

    fn visible(scope: &Scope) -> Predicate {
        let own = vec![scope.organisation.id.into()];
        // On purpose without parentheses, as a domain might write it.
        Predicate::new("1 = 0 or part.organisation_id = ?", own)
    }

    fn from_row(row: Row) -> crate::storage::Result<Self> {
        let mut row = row.reader();
        Ok(Self(row.take()?, row.take()?))
    }

    fn named(reference: &str) -> Option<(&'static str, Value)> {
        parse_id(reference).map(|id| ("part.id = ?1", id.into()))
    }
}

fn shape_specimens(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let specimens: Vec<SpecimenRow> = shaping.load(rows)?;
    let json = |SpecimenRow(id, code): SpecimenRow| json_of("Specimen", id, &code, shaping);
    Ok(specimens.into_iter().map(json).collect())
}

fn shape_parts(shaping: &Shaping, rows: Vec<Row>) -> Result<Vec<Json>> {
    let parts: Vec<PartRow> = shaping.load(rows)?;
    let json = |PartRow(id, code): PartRow| json_of("Part", id, &code, shaping);
    Ok(parts.into_iter().map(json).collect())
}

fn json_of(kind: &str, id: i64, code: &str, shaping: &Shaping) -> Json {
    json!({"_id": format!("~{id}"), "_type": kind, "code": code, "extraData": shaping.extra().names})
}

pub fn create_tables(tx: &WriteTx) -> crate::storage::Result<()> {
    let tables = [
        "create table specimen (
            id {{integer}} primary key, organisation_id {{integer}} not null, title text not null,
            title_folded text not null, code text not null, body text not null, severity {{integer}} not null,
            size {{integer}}, weight {{real}}, is_flagged {{integer}} not null, found_at {{integer}},
            sent_at {{integer}}, owner text, parent_id {{integer}}, created_at {{integer}} not null,
            created_by text not null, updated_at {{integer}}, updated_by text) {{strict}}",
        "create table specimen_tag (specimen_id {{integer}} not null, tag text not null,
            primary key (specimen_id, tag)) {{strict_without_rowid}}",
        "create table specimen_note (id {{integer}} primary key, specimen_id {{integer}}, definition_id {{integer}} not null,
            text_value {{text}}, text_folded {{text}}, whole_value {{integer}}, real_value {{real}}) {{strict}}",
        "create table part (id {{integer}} primary key, organisation_id {{integer}} not null,
            specimen_id {{integer}} not null, code text not null, created_at {{integer}} not null,
            created_by text not null, updated_at {{integer}}, updated_by text) {{strict}}",
        "create index specimen_by_created on specimen (organisation_id, created_at desc, id desc)",
    ];
    for table in tables {
        tx.derive(&tx.dialect().spell(table), &[])?;
    }
    Ok(())
}

/// Puts these specimens in place of those that are there.
pub fn replace(tx: &WriteTx, specimens: &[Specimen]) -> crate::storage::Result<()> {
    full_text_from_nothing(tx)?;
    for table in ["specimen", "specimen_tag", "specimen_note", "part"] {
        tx.derive(&format!("delete from {table}"), &[])?;
    }
    specimens.iter().try_for_each(|one| insert(tx, one))
}

fn insert(tx: &WriteTx, specimen: &Specimen) -> crate::storage::Result<()> {
    tx.derive(
        "insert into specimen (id, organisation_id, title, title_folded, code, body, severity, size, weight,
             is_flagged, found_at, sent_at, owner, parent_id, created_at, created_by)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        &[
            specimen.id.into(),
            specimen.organisation_id.into(),
            specimen.title.as_str().into(),
            fold(&specimen.title).into(),
            specimen.code.as_str().into(),
            specimen.body.as_str().into(),
            specimen.severity.into(),
            specimen.size.into(),
            specimen.weight.into(),
            specimen.is_flagged.into(),
            specimen.found_at.into(),
            specimen.sent_at.into(),
            specimen.owner.clone().into(),
            specimen.parent_id.into(),
            specimen.created_at.into(),
            CREATOR.into(),
        ],
    )?;
    for tag in &specimen.tags {
        tx.derive(
            "insert into specimen_tag (specimen_id, tag) values (?1, ?2)",
            &[specimen.id.into(), tag.as_str().into()],
        )?;
    }
    for (place, (definition_id, value)) in (1..).zip(&specimen.notes) {
        let (text, whole, real) = match value {
            Value::Text(_) => (value.clone(), Value::Null, Value::Null),
            Value::Integer(_) => (Value::Null, value.clone(), Value::Null),
            _ => (Value::Null, Value::Null, value.clone()),
        };
        let folded = match &text {
            Value::Text(text) => fold(text).into(),
            _ => Value::Null,
        };
        let place: i64 = place;
        tx.derive(
            "insert into specimen_note (id, specimen_id, definition_id, text_value, text_folded, whole_value, real_value)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                (specimen.id * 100 + place).into(),
                specimen.id.into(),
                (*definition_id).into(),
                text,
                folded,
                whole,
                real,
            ],
        )?;
    }
    for part in &specimen.parts {
        tx.derive(
            "insert into part (id, organisation_id, specimen_id, code, created_at, created_by)
             values (?1, ?2, ?3, ?4, ?5, ?6)",
            &[
                part.id.into(),
                part.organisation_id.into(),
                specimen.id.into(),
                part.code.as_str().into(),
                specimen.created_at.into(),
                CREATOR.into(),
            ],
        )?;
    }
    let texts = Texts {
        title: &specimen.title,
        body: &specimen.body,
        summary: "",
        extra: specimen.code.as_str().into(),
    };
    full_text::insert(tx, "Specimen", specimen.id, &texts)
}

/// The login that made them all.
pub const CREATOR: &str = "ana@acme.test";
