//! Fields: what can be filtered, sorted, aggregated and described. A table of constants in each domain.

use serde_json::Value as Json;

use crate::access::{Predicate, Reading, Result, Scope};

/// The columns of the full-text index; `Everything` is the pseudo-field `keyword`, which every entity with an indexed
/// field has by itself.
pub use crate::storage::full_text::Indexed;

/// A property of an entity as the query language knows it.
///
/// Made by a constructor named after its kind, then refined: `Field::date("endDate", Column("end_at")).optional()`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent of each other and named where they are set"
)]
#[derive(Clone, Copy)]
pub struct Field {
    /// The name in the API, `customFields.hash` and `computed.handlingDuration` included.
    pub name: &'static str,
    /// Where its value comes from.
    pub source: Source,
    /// What its values are.
    pub kind: Kind,
    /// Whether it may be missing. Say so for every column that may be null: sorting relies on it.
    pub is_optional: bool,
    /// The neighbour column that holds `text::fold::fold` of it; sorting and searching in parts of it go there. For values in
    /// another table it comes with the table's name.
    pub folded: Option<&'static str>,
    /// The column of the full-text index that holds it.
    pub indexed: Option<Indexed>,
    /// What an index has of it in place of all of it: whoever asks for a value is led there first.
    pub beginning: Option<Beginning>,
    /// Whether only its words are of interest: described as `fulltextOnly`, not aggregated.
    pub is_prose: bool,
    /// A duration in milliseconds, which can also be asked for as `…InSeconds`, `…InMinutes`, `…InHours`, `…InDays`.
    pub has_units: bool,
    /// Another name of a field, or one for old clients: works everywhere, but `describe` leaves it out.
    pub is_hidden: bool,
}

/// Where the values of a field come from.
#[derive(Clone, Copy)]
pub enum Source {
    /// A column of the entity's table.
    Column(&'static str),
    /// An SQL expression over the entity's table (named by its own name): a computed value. It must be null where
    /// the value is missing, and give the type of the field's kind (1 and 0 for booleans).
    Expression(&'static str),
    /// An expression that depends on the caller or the time, with its values (plain `?` placeholders).
    Scoped(fn(&Scope) -> Predicate),
    /// Several values in another table. `from` is that table, or a join; `key` the column in it that holds the
    /// entity's id; `element` the column with the value, which comes once for each entity: `Set { from: "case_tag", key: "case_tag.case_id", element: "case_tag.tag" }`.
    Set {
        from: &'static str,
        key: &'static str,
        element: &'static str,
    },
    /// Several values in another table, of a field that people have defined (see [`Family`](super::Family)): as a set, but
    /// only of the rows whose column `member` has the id of the definition.
    Defined {
        from: &'static str,
        key: &'static str,
        member: &'static str,
        element: &'static str,
        id: i64,
    },
}

/// The beginning of a text that may be too long for an index: the expression in the index, and how many characters it has.
#[derive(Clone, Copy)]
pub struct Beginning {
    pub expression: &'static str,
    pub characters: usize,
}

/// What the values of a field are. Values in a filter must be of it; what is asked is never turned into another type.
#[derive(Clone, Copy)]
pub enum Kind {
    Integer,
    Float,
    /// In the database 0 or 1.
    Boolean,
    /// Milliseconds since the epoch.
    Date,
    Text,
    /// A login.
    User,
    /// An entity's id: `~42` in the API, a number in the database. Text that is no id is legal and matches nothing.
    Id,
    /// A number with a word for each value, like severity.
    Scale(&'static [(i64, &'static str)]),
    /// Text out of a list of values.
    Choice(Choices),
}

/// The values of a [`Kind::Choice`], for `describe`.
#[derive(Clone, Copy)]
pub enum Choices {
    /// Always these.
    Fixed(&'static [&'static str]),
    /// Those that are in the database at the time.
    Stored(fn(&Reading) -> Result<Vec<String>>),
}

impl Field {
    pub(super) const fn new(name: &'static str, source: Source, kind: Kind) -> Self {
        Self {
            name,
            source,
            kind,
            is_optional: false,
            folded: None,
            indexed: None,
            beginning: None,
            is_prose: false,
            has_units: false,
            is_hidden: false,
        }
    }

    /// A whole number.
    pub const fn integer(name: &'static str, source: Source) -> Self {
        Self::new(name, source, Kind::Integer)
    }

    /// A number with a fraction.
    pub const fn float(name: &'static str, source: Source) -> Self {
        Self::new(name, source, Kind::Float)
    }

    /// Yes or no.
    pub const fn boolean(name: &'static str, source: Source) -> Self {
        Self::new(name, source, Kind::Boolean)
    }

    /// An instant.
    pub const fn date(name: &'static str, source: Source) -> Self {
        Self::new(name, source, Kind::Date)
    }

    /// Text, compared exactly unless it is made [`folded`](Self::folded) or [`prose`](Self::prose).
    pub const fn text(name: &'static str, source: Source) -> Self {
        Self::new(name, source, Kind::Text)
    }

    /// A login.
    pub const fn user(name: &'static str, source: Source) -> Self {
        Self::new(name, source, Kind::User)
    }

    /// An entity's id.
    pub const fn id(name: &'static str, source: Source) -> Self {
        Self::new(name, source, Kind::Id)
    }

    /// A number with a word for each value.
    pub const fn scale(
        name: &'static str,
        source: Source,
        values: &'static [(i64, &'static str)],
    ) -> Self {
        Self::new(name, source, Kind::Scale(values))
    }

    /// Text out of a list of values.
    pub const fn choice(name: &'static str, source: Source, choices: Choices) -> Self {
        Self::new(name, source, Kind::Choice(choices))
    }

    /// A duration in milliseconds, computed; it has its four unit forms by itself. Always optional.
    pub const fn duration(name: &'static str, source: Source) -> Self {
        let mut field = Self::new(name, source, Kind::Integer).optional();
        field.has_units = true;
        field
    }

    /// Long text of which only the words count: a description, a message.
    pub const fn prose(name: &'static str, source: Source, indexed: Indexed) -> Self {
        let mut field = Self::new(name, source, Kind::Text);
        field.indexed = Some(indexed);
        field.is_prose = true;
        field
    }

    /// It may be missing.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// Sorting and searching ignore letter case, by this column.
    #[must_use]
    pub const fn folded(mut self, column: &'static str) -> Self {
        self.folded = Some(column);
        self
    }

    /// It is in the full-text index, in this column.
    #[must_use]
    pub const fn indexed(mut self, indexed: Indexed) -> Self {
        self.indexed = Some(indexed);
        self
    }

    /// An index has the beginning of it.
    #[must_use]
    pub const fn beginning(mut self, beginning: Beginning) -> Self {
        self.beginning = Some(beginning);
        self
    }

    /// `describe` leaves it out.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.is_hidden = true;
        self
    }

    /// Whether an entity has several values of it.
    pub fn is_set(&self) -> bool {
        matches!(self.source, Source::Set { .. } | Source::Defined { .. })
    }

    /// Whether people have defined it.
    pub(super) fn is_defined(&self) -> bool {
        matches!(self.source, Source::Defined { .. })
    }

    /// Whether entities can be put in its order. What people have defined has mostly one value; where it has several, the
    /// least of them counts, or the greatest when the order is descending.
    pub fn is_sortable(&self) -> bool {
        (self.is_defined() || !self.is_set()) && self.indexed != Some(Indexed::Everything)
    }

    /// Whether it can be grouped by and computed with.
    pub fn is_aggregable(&self) -> bool {
        !self.is_prose && self.indexed != Some(Indexed::Everything)
    }
}

/// Fields that people define while the program runs, under names that begin alike: `customFields.hash`. All their values are
/// in one table.
#[derive(Clone, Copy)]
pub struct Family {
    /// How their names begin: `customFields.`.
    pub prefix: &'static str,
    /// The table with the values, or a join.
    pub from: &'static str,
    /// The column in it that holds the entity's id.
    pub key: &'static str,
    /// The column in it that holds the id of the definition.
    pub member: &'static str,
    /// The one of that name, without the prefix.
    pub find: fn(&Reading, &str) -> Result<Option<Member>>,
    /// All there are.
    pub all: fn(&Reading) -> Result<Vec<Member>>,
}

/// A field that people have defined.
pub struct Member {
    /// The id of the definition.
    pub id: i64,
    /// Its name without the prefix.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// The column with the values.
    pub element: &'static str,
    /// The column with the folded text of the values.
    pub folded: Option<&'static str>,
    /// The only values that it may have, if they are limited.
    pub options: Option<Vec<Json>>,
}

impl Family {
    /// The field that one of them is.
    pub(super) fn field(&self, member: &Member) -> Field {
        let source = Source::Defined {
            from: self.from,
            key: self.key,
            member: self.member,
            element: member.element,
            id: member.id,
        };
        let mut field = Field::new(self.prefix, source, member.kind).optional();
        field.folded = member.folded;
        field
    }
}
