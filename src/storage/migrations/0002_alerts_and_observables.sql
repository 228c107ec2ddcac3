-- Alerts, observables, and the files that hang on all of them.

create table alert_status (
    id {{integer}} primary key,
    value {{text}} not null unique,
    stage {{text}} not null,
    position {{integer}} not null,
    description {{text}},
    colour {{text}},
    is_hidden {{integer}} not null,
    is_predefined {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};

create table alert (
    id {{integer}} primary key,
    organisation_id {{integer}} not null references organisation (id),
    type {{text}} not null,
    source {{text}} not null,
    source_ref {{text}} not null,
    external_link {{text}},
    title {{text}} not null,
    title_folded {{text}} not null,
    description {{text}} not null,
    severity {{integer}} not null,
    date_at {{integer}} not null,
    tlp {{integer}} not null,
    pap {{integer}} not null,
    follow {{integer}} not null,
    status {{text}} not null references alert_status (value),
    stage {{text}} not null,
    summary {{text}},
    assignee {{text}},
    -- The name that the alert came with; the template may be gone or have another name by now.
    case_template {{text}},
    -- The case it was imported into.
    case_id {{integer}} references "case" (id) on delete set null,
    new_at {{integer}} not null,
    in_progress_at {{integer}},
    closed_at {{integer}},
    imported_at {{integer}},
    -- When its source last said something new about it.
    last_sync_at {{integer}},
    deleted_at {{integer}},
    deleted_by {{text}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create unique index alert_by_reference on alert (organisation_id, type, source, source_ref) where deleted_at is null;
-- The orders and filters of the alert list, as for cases: an alert belongs to one organisation, so each begins with it.
-- With what a count has to look at, so that it looks at nothing else.
create index alert_by_created on alert
    (organisation_id, created_at desc, id desc, severity, status, source, deleted_at) where deleted_at is null;
create index alert_by_stage on alert (organisation_id, stage, created_at desc, id desc, deleted_at) where deleted_at is null;
create index alert_by_status on alert (organisation_id, status, created_at desc, id desc, deleted_at) where deleted_at is null;
create index alert_by_severity on alert
    (organisation_id, severity desc, created_at desc, id desc, deleted_at) where deleted_at is null;
create index alert_by_assignee on alert
    (organisation_id, assignee, created_at desc, id desc, stage, status, severity, deleted_at) where deleted_at is null;
create index alert_by_date on alert (organisation_id, date_at desc, id desc) where deleted_at is null;
create index alert_by_updated on alert (organisation_id, updated_at, id) where deleted_at is null;
create index alert_by_title on alert (organisation_id, title_folded, id) where deleted_at is null;
create index alert_by_source on alert (organisation_id, source, created_at desc, id desc, deleted_at) where deleted_at is null;
create index alert_by_closed on alert (organisation_id, closed_at, id, deleted_at)
    where closed_at is not null and deleted_at is null;
create index alert_by_imported on alert (organisation_id, imported_at, id, deleted_at)
    where imported_at is not null and deleted_at is null;
create index alert_by_case on alert (case_id, id) where case_id is not null;
create index alert_in_bin on alert (deleted_at, id) where deleted_at is not null;

create table alert_tag (
    alert_id {{integer}} not null references alert (id) on delete cascade,
    tag {{text}} not null,
    position {{integer}} not null,
    primary key (alert_id, tag)
) {{strict_without_rowid}};
create index alert_tag_by_tag on alert_tag (tag, alert_id);

-- What the sender sent, as it was sent.
create table alert_payload (
    alert_id {{integer}} primary key references alert (id) on delete cascade,
    content_type {{text}} not null,
    payload {{blob}} not null
) {{strict}};

create table observable_type (
    id {{integer}} primary key,
    name {{text}} not null unique,
    name_folded {{text}} not null,
    is_attachment {{integer}} not null,
    is_case_sensitive {{integer}} not null,
    is_predefined {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};

-- Of a case or of an alert, never of both.
create table observable (
    id {{integer}} primary key,
    case_id {{integer}} references "case" (id) on delete cascade,
    alert_id {{integer}} references alert (id) on delete cascade,
    -- The organisation that made it: it sees it whatever is shared.
    organisation_id {{integer}} not null references organisation (id),
    data_type {{text}} not null references observable_type (name),
    -- The value; nothing for a file.
    data {{text}},
    data_folded {{text}},
    -- What makes two of them the same: SHA-256 over the type and the value, or over "file" and the content's hash.
    likeness {{blob}} not null,
    message {{text}},
    tlp {{integer}} not null,
    pap {{integer}} not null,
    is_ioc {{integer}} not null,
    is_sighted {{integer}} not null,
    sighted_at {{integer}},
    ignores_similarity {{integer}} not null,
    is_external {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}},
    check ((case_id is null) <> (alert_id is null))
) {{strict}};
-- Once for each organisation that makes it: one that can't see another's must be able to make its own.
create unique index observable_once_in_case on observable (case_id, likeness, organisation_id) where case_id is not null;
create unique index observable_once_in_alert on observable (alert_id, likeness) where alert_id is not null;
-- With all that similarity has to know of a row, so that a value that is everywhere costs no look at each row.
create index observable_by_likeness on observable
    (likeness, ignores_similarity, case_id, alert_id, is_ioc, is_sighted, id);
-- A value may be longer than what an index takes; its beginning tells nearly all apart.
create index observable_by_beginning on observable (substr(data, 1, 64), created_at desc, id desc);
create index observable_by_case on observable (case_id, created_at desc, id desc) where case_id is not null;
create index observable_by_alert on observable (alert_id, created_at desc, id desc) where alert_id is not null;
-- With what tells who may see it, so that nothing but the case or the alert is looked at.
create index observable_by_created on observable (created_at desc, id desc, case_id, alert_id, is_ioc, data_type);
create index observable_by_type on observable (data_type, created_at desc, id desc);

create table observable_tag (
    observable_id {{integer}} not null references observable (id) on delete cascade,
    tag {{text}} not null,
    position {{integer}} not null,
    primary key (observable_id, tag)
) {{strict_without_rowid}};
create index observable_tag_by_tag on observable_tag (tag, observable_id);

-- Which organisations see an observable of a case.
create table observable_share (
    observable_id {{integer}} not null references observable (id) on delete cascade,
    organisation_id {{integer}} not null references organisation (id),
    primary key (observable_id, organisation_id)
) {{strict_without_rowid}};
create index observable_share_by_organisation on observable_share (organisation_id, observable_id);

-- A file with its name. It hangs on exactly one thing; its content is in the folder of attachments, under its SHA-256.
create table attachment (
    id {{integer}} primary key,
    case_id {{integer}} references "case" (id) on delete cascade,
    alert_id {{integer}} references alert (id) on delete cascade,
    log_id {{integer}} references log (id) on delete cascade,
    observable_id {{integer}} references observable (id) on delete cascade,
    -- The knowledge base of an organisation.
    organisation_id {{integer}} references organisation (id),
    -- What a user keeps for himself.
    user_id {{integer}} references "user" (id) on delete cascade,
    name {{text}} not null,
    name_folded {{text}} not null,
    size_bytes {{integer}} not null,
    content_type {{text}} not null,
    sha256 {{text}} not null,
    sha1 {{text}} not null,
    md5 {{text}} not null,
    is_external {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index attachment_by_case on attachment (case_id, id) where case_id is not null;
create index attachment_by_alert on attachment (alert_id, id) where alert_id is not null;
create index attachment_by_log on attachment (log_id, id) where log_id is not null;
create index attachment_by_observable on attachment (observable_id, id) where observable_id is not null;
create index attachment_by_organisation on attachment (organisation_id, id) where organisation_id is not null;
create index attachment_by_user on attachment (user_id, id) where user_id is not null;
create index attachment_by_sha256 on attachment (sha256, id);

-- Comments are written on alerts too, and what concerns a user may be an alert.
alter table comment alter column case_id drop not null;
alter table comment add column alert_id {{integer}} references alert (id) on delete cascade;
create index comment_by_alert on comment (alert_id, created_at, id) where alert_id is not null;
alter table inbox_item alter column case_id drop not null;
alter table inbox_item add column alert_id {{integer}} references alert (id) on delete cascade;
create index inbox_item_by_alert on inbox_item (alert_id) where alert_id is not null;
