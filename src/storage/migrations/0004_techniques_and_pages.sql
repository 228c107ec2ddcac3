-- Attack patterns (ATT&CK and others) and the procedures that use them, events of the timeline, pages.

create table catalog (
    id {{integer}} primary key,
    name {{text}} not null unique,
    name_folded {{text}} not null,
    description {{text}},
    variant {{text}},
    -- The edition of what it was loaded from, if that said one.
    version {{text}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};

-- The catalogues that the program brings along: which edition was loaded last. One that was deleted stays away.
create table catalog_edition (
    domain {{text}} primary key,
    catalog_id {{integer}} references catalog (id) on delete set null,
    version {{text}} not null
) {{strict_without_rowid}};

create table tactic (
    catalog_id {{integer}} not null references catalog (id) on delete cascade,
    -- The short name, as in "initial-access".
    name {{text}} not null,
    label {{text}} not null,
    position {{integer}} not null,
    primary key (catalog_id, name)
) {{strict_without_rowid}};

create table pattern (
    id {{integer}} primary key,
    catalog_id {{integer}} not null references catalog (id) on delete cascade,
    -- The technique's id, as in "T1059.006"; the id of what it is a part of.
    external_id {{text}} not null,
    parent_external_id {{text}},
    name {{text}} not null,
    name_folded {{text}} not null,
    description {{text}},
    url {{text}} not null,
    pattern_type {{text}} not null,
    capec_id {{text}},
    capec_url {{text}},
    is_revoked {{integer}} not null,
    -- Lists of words, as JSON.
    data_sources {{text}} not null,
    defense_bypassed {{text}} not null,
    permissions_required {{text}} not null,
    platforms {{text}} not null,
    system_requirements {{text}} not null,
    detection {{text}},
    has_remote_support {{integer}} not null,
    version {{text}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}},
    unique (catalog_id, external_id)
) {{strict}};
create index pattern_by_external_id on pattern (external_id, id);
create index pattern_by_parent on pattern (catalog_id, parent_external_id) where parent_external_id is not null;

create table pattern_tactic (
    pattern_id {{integer}} not null references pattern (id) on delete cascade,
    tactic {{text}} not null,
    position {{integer}} not null,
    primary key (pattern_id, tactic)
) {{strict_without_rowid}};
create index pattern_tactic_by_tactic on pattern_tactic (tactic, pattern_id);

-- What was done to us, in the words of a catalogue: on a case or on an alert.
create table procedure (
    id {{integer}} primary key,
    case_id {{integer}} references "case" (id) on delete cascade,
    alert_id {{integer}} references alert (id) on delete cascade,
    pattern_id {{integer}} not null references pattern (id),
    tactic {{text}},
    description {{text}},
    occur_at {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}},
    check ((case_id is null) <> (alert_id is null))
) {{strict}};
create index procedure_by_case on procedure (case_id, id) where case_id is not null;
create index procedure_by_alert on procedure (alert_id, id) where alert_id is not null;
create index procedure_by_pattern on procedure (pattern_id, id);
create index procedure_by_occurrence on procedure (occur_at, id);

create table custom_event (
    id {{integer}} primary key,
    case_id {{integer}} not null references "case" (id) on delete cascade,
    date_at {{integer}} not null,
    end_at {{integer}},
    title {{text}} not null,
    title_folded {{text}} not null,
    description {{text}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index custom_event_by_case on custom_event (case_id, date_at, id);

-- Pages of a case, and of the organisation's knowledge base: those without a case.
create table page (
    id {{integer}} primary key,
    case_id {{integer}} references "case" (id) on delete cascade,
    organisation_id {{integer}} references organisation (id),
    title {{text}} not null,
    title_folded {{text}} not null,
    content {{text}} not null,
    category {{text}} not null,
    position {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}},
    check ((case_id is null) <> (organisation_id is null))
) {{strict}};
create index page_by_case on page (case_id, position, id) where case_id is not null;
create index page_by_organisation on page (organisation_id, position, id) where organisation_id is not null;

create table page_template (
    id {{integer}} primary key,
    organisation_id {{integer}} not null references organisation (id),
    title {{text}} not null,
    title_folded {{text}} not null,
    content {{text}} not null,
    category {{text}} not null,
    position {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index page_template_by_organisation on page_template (organisation_id, position, id);
