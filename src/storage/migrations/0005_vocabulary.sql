-- Words that people define: custom fields, case templates, tags and taxonomies.

create table custom_field (
    id {{integer}} primary key,
    name {{text}} not null unique,
    display_name {{text}} not null,
    group_name {{text}} not null,
    description {{text}} not null,
    type {{text}} not null,
    -- A JSON list of the only values that it may have; an empty one where any is fine.
    options {{text}} not null,
    is_mandatory {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};

create table case_template (
    id {{integer}} primary key,
    organisation_id {{integer}} not null references organisation (id),
    name {{text}} not null,
    name_folded {{text}} not null,
    display_name {{text}} not null,
    title_prefix {{text}},
    description {{text}},
    severity {{integer}},
    flag {{integer}} not null,
    tlp {{integer}},
    pap {{integer}},
    summary {{text}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}},
    unique (organisation_id, name)
) {{strict}};

create table case_template_tag (
    case_template_id {{integer}} not null references case_template (id) on delete cascade,
    tag {{text}} not null,
    position {{integer}} not null,
    primary key (case_template_id, tag)
) {{strict_without_rowid}};
create index case_template_tag_by_tag on case_template_tag (tag, case_template_id);

create table case_template_task (
    id {{integer}} primary key,
    case_template_id {{integer}} not null references case_template (id) on delete cascade,
    title {{text}} not null,
    title_folded {{text}} not null,
    group_name {{text}} not null,
    description {{text}},
    flag {{integer}} not null,
    start_at {{integer}},
    end_at {{integer}},
    due_at {{integer}},
    assignee {{text}},
    position {{integer}} not null,
    is_mandatory {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null
) {{strict}};
create index case_template_task_by_template on case_template_task (case_template_id, position, id);

-- The page templates that come along with a case template.
create table case_template_page_template (
    case_template_id {{integer}} not null references case_template (id) on delete cascade,
    page_template_id {{integer}} not null references page_template (id) on delete cascade,
    position {{integer}} not null,
    primary key (case_template_id, page_template_id)
) {{strict_without_rowid}};
create index case_template_page_template_by_page on case_template_page_template (page_template_id);

-- One row for each value; for a field that is there without a value, one row with none.
create table custom_field_value (
    id {{integer}} primary key,
    custom_field_id {{integer}} not null references custom_field (id) on delete cascade,
    case_id {{integer}} references "case" (id) on delete cascade,
    alert_id {{integer}} references alert (id) on delete cascade,
    case_template_id {{integer}} references case_template (id) on delete cascade,
    position {{integer}} not null,
    -- Of strings and URLs.
    text_value {{text}},
    text_folded {{text}},
    -- Of integers, dates, and booleans (0 and 1).
    whole_value {{integer}},
    real_value {{real}},
    check ((case when case_id is null then 0 else 1 end) + (case when alert_id is null then 0 else 1 end)
        + (case when case_template_id is null then 0 else 1 end) = 1)
) {{strict}};
create index custom_field_value_by_case on custom_field_value (case_id, custom_field_id) where case_id is not null;
create index custom_field_value_by_alert on custom_field_value (alert_id, custom_field_id) where alert_id is not null;
create index custom_field_value_by_template on custom_field_value (case_template_id, custom_field_id)
    where case_template_id is not null;
create index custom_field_value_by_whole on custom_field_value (custom_field_id, whole_value, case_id, alert_id)
    where whole_value is not null;
create index custom_field_value_by_real on custom_field_value (custom_field_id, real_value, case_id, alert_id)
    where real_value is not null;
-- only sqlite
create index custom_field_value_by_text on custom_field_value (custom_field_id, text_value, case_id, alert_id)
    where text_value is not null;
-- only postgres
-- A value may be longer than what a B-tree takes.
create index custom_field_value_by_field on custom_field_value (custom_field_id);
create index custom_field_value_by_text on custom_field_value using hash (text_value) where text_value is not null;
-- all engines

-- The MISP taxonomies are known from the start; of those that were never active only this row is there. Their tags have the
-- ids from first_tag_id on, in the order in which the program has them.
create table taxonomy (
    id {{integer}} primary key,
    namespace {{text}} not null unique,
    description {{text}} not null,
    version {{integer}} not null,
    is_exclusive {{integer}} not null,
    is_enabled {{integer}} not null,
    is_predefined {{integer}} not null,
    tag_count {{integer}} not null,
    first_tag_id {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};

-- Free tags belong to the organisation whose entities carry them, the others to a taxonomy.
create table tag (
    id {{integer}} primary key,
    organisation_id {{integer}} references organisation (id),
    taxonomy_id {{integer}} references taxonomy (id) on delete cascade,
    -- As entities carry it.
    text {{text}} not null,
    text_folded {{text}} not null,
    namespace {{text}} not null,
    predicate {{text}} not null,
    value {{text}},
    description {{text}},
    colour {{text}} not null,
    position {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}},
    check ((organisation_id is null) <> (taxonomy_id is null))
) {{strict}};
create unique index tag_of_organisation on tag (organisation_id, text) where organisation_id is not null;
create index tag_of_taxonomy on tag (taxonomy_id, position, id) where taxonomy_id is not null;
create index tag_by_folded on tag (text_folded, id);

-- The tags that cases carry already.
insert into tag (id, organisation_id, text, text_folded, namespace, predicate, colour, position, created_at, created_by)
    select counter.value + used.place - 1, used.organisation_id, used.tag, lower(used.tag),
        '_freetags_' || cast(used.organisation_id as {{integer}}), used.tag, '#000000', 0, used.created_at,
        'system@thehive.local'
    from counter cross join (
        select "case".organisation_id, case_tag.tag, min("case".created_at) as created_at,
            row_number() over (order by "case".organisation_id, case_tag.tag) as place
        from case_tag join "case" on "case".id = case_tag.case_id
        group by "case".organisation_id, case_tag.tag
    ) as used
    where counter.name = 'entity_id';
update counter set value = value + (select count(*) from tag) where name = 'entity_id';
