-- The first schema. Words in double braces and the blocks "only sqlite" / "only postgres" are explained in
-- storage/dialect.rs. Instants are milliseconds since the epoch (UTC), booleans 0 or 1, JSON is text.
-- "_folded" columns hold what text::fold made of their neighbour: sorting and searching ignore letter case there.

create table counter (
    name {{text}} primary key,
    value {{integer}} not null
) {{strict_without_rowid}};
insert into counter (name, value) values ('entity_id', 4096), ('case_number', 0);

-- tenancy ---------------------------------------------------------------------------------------------------

create table avatar (
    hash {{text}} primary key,
    content_type {{text}} not null,
    bytes {{blob}} not null
) {{strict_without_rowid}};

create table organisation (
    id {{integer}} primary key,
    name {{text}} not null unique,
    name_folded {{text}} not null,
    description {{text}} not null,
    task_rule {{text}} not null,
    observable_rule {{text}} not null,
    is_locked {{integer}} not null,
    avatar_hash {{text}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};

create table profile (
    id {{integer}} primary key,
    name {{text}} not null unique,
    name_folded {{text}} not null,
    type {{text}} not null,
    is_editable {{integer}} not null,
    is_predefined {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};

create table profile_permission (
    profile_id {{integer}} not null references profile (id) on delete cascade,
    permission {{text}} not null,
    primary key (profile_id, permission)
) {{strict_without_rowid}};

create table "user" (
    id {{integer}} primary key,
    login {{text}} not null unique,
    name {{text}} not null,
    name_folded {{text}} not null,
    email {{text}},
    type {{text}} not null,
    is_locked {{integer}} not null,
    password_hash {{text}},
    is_password_default {{integer}} not null,
    totp_secret_sealed {{blob}},
    totp_step_used {{integer}},
    api_key_hash {{blob}} unique,
    api_key_sealed {{blob}},
    api_key_created_at {{integer}},
    avatar_hash {{text}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};

create table membership (
    user_id {{integer}} not null references "user" (id) on delete cascade,
    organisation_id {{integer}} not null references organisation (id),
    profile_id {{integer}} not null references profile (id),
    is_default {{integer}} not null,
    position {{integer}} not null,
    primary key (user_id, organisation_id)
) {{strict_without_rowid}};
create index membership_by_organisation on membership (organisation_id, user_id);
create index membership_by_profile on membership (profile_id);

create table user_setting (
    user_id {{integer}} not null references "user" (id) on delete cascade,
    path {{text}} not null,
    value {{text}} not null,
    primary key (user_id, path)
) {{strict_without_rowid}};

create table session (
    id {{integer}} primary key,
    token_hash {{blob}} not null unique,
    user_id {{integer}} not null references "user" (id) on delete cascade,
    -- The organisation of its requests that name none, when it was chosen at sign-in.
    organisation_id {{integer}} references organisation (id),
    created_at {{integer}} not null,
    last_seen_at {{integer}} not null,
    address {{text}} not null,
    user_agent {{text}} not null
) {{strict}};
create index session_by_user on session (user_id);

-- investigation ---------------------------------------------------------------------------------------------

create table case_status (
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

create table "case" (
    id {{integer}} primary key,
    number {{integer}} not null unique,
    organisation_id {{integer}} not null references organisation (id),
    title {{text}} not null,
    title_folded {{text}} not null,
    description {{text}} not null,
    severity {{integer}} not null,
    start_at {{integer}} not null,
    end_at {{integer}},
    due_at {{integer}},
    flag {{integer}} not null,
    tlp {{integer}} not null,
    pap {{integer}} not null,
    status {{text}} not null references case_status (value),
    stage {{text}} not null,
    summary {{text}},
    impact_status {{text}},
    assignee {{text}},
    access_kind {{text}} not null,
    task_rule {{text}} not null,
    observable_rule {{text}} not null,
    new_at {{integer}} not null,
    in_progress_at {{integer}},
    closed_at {{integer}},
    alert_at {{integer}},
    alert_new_at {{integer}},
    alert_in_progress_at {{integer}},
    alert_imported_at {{integer}},
    deleted_at {{integer}},
    deleted_by {{text}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
-- The orders and filters of the case list. Each has (created_at, id), the default sort with its tie-breaker, so that a
-- filtered page is read off the index without sorting; and the owner, so that counting what an organisation owns
-- needs nothing but the index. "My open cases" is asked so often that its other columns are in the index too.
create index case_by_created on "case" (created_at desc, id desc, organisation_id, deleted_at) where deleted_at is null;
create index case_by_stage on "case" (stage, created_at desc, id desc, organisation_id) where deleted_at is null;
create index case_by_status on "case" (status, created_at desc, id desc, organisation_id) where deleted_at is null;
create index case_by_severity on "case" (severity desc, created_at desc, id desc, organisation_id) where deleted_at is null;
create index case_by_assignee on "case"
    (assignee, created_at desc, id desc, stage, status, severity, organisation_id) where deleted_at is null;
create index case_by_updated on "case" (updated_at, id) where deleted_at is null;
create index case_by_start on "case" (start_at, id) where deleted_at is null;
create index case_by_due on "case" (due_at, id) where deleted_at is null;
create index case_by_title on "case" (title_folded, id) where deleted_at is null;
create index case_in_bin on "case" (deleted_at, id) where deleted_at is not null;

create table case_tag (
    case_id {{integer}} not null references "case" (id) on delete cascade,
    tag {{text}} not null,
    position {{integer}} not null,
    primary key (case_id, tag)
) {{strict_without_rowid}};
create index case_tag_by_tag on case_tag (tag, case_id);

-- Who sees a case: the owner's own share and those given to others.
create table share (
    id {{integer}} primary key,
    case_id {{integer}} not null references "case" (id) on delete cascade,
    organisation_id {{integer}} not null references organisation (id),
    profile_id {{integer}} not null references profile (id),
    is_owner {{integer}} not null,
    task_rule {{text}} not null,
    observable_rule {{text}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}},
    unique (case_id, organisation_id)
) {{strict}};
create index share_by_organisation on share (organisation_id, case_id);
create index share_by_profile on share (profile_id);

create table task (
    id {{integer}} primary key,
    case_id {{integer}} not null references "case" (id) on delete cascade,
    title {{text}} not null,
    title_folded {{text}} not null,
    group_name {{text}} not null,
    description {{text}},
    status {{text}} not null,
    flag {{integer}} not null,
    start_at {{integer}},
    end_at {{integer}},
    due_at {{integer}},
    assignee {{text}},
    position {{integer}} not null,
    is_mandatory {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index task_by_case on task (case_id, position, id);
create index task_by_created on task (created_at desc, id desc);
create index task_by_status on task (status, created_at desc, id desc);
create index task_by_assignee on task (assignee, status, created_at desc, id desc);
create index task_by_due on task (due_at, id) where due_at is not null;

-- Which organisations see a task, and whether it asks them to act.
create table task_share (
    task_id {{integer}} not null references task (id) on delete cascade,
    organisation_id {{integer}} not null references organisation (id),
    is_action_required {{integer}} not null,
    primary key (task_id, organisation_id)
) {{strict_without_rowid}};
create index task_share_by_organisation on task_share (organisation_id, task_id);

create table log (
    id {{integer}} primary key,
    task_id {{integer}} not null references task (id) on delete cascade,
    message {{text}} not null,
    date_at {{integer}} not null,
    owner {{text}} not null,
    include_in_timeline_at {{integer}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index log_by_task on log (task_id, date_at, id);

create table comment (
    id {{integer}} primary key,
    case_id {{integer}} not null references "case" (id) on delete cascade,
    message {{text}} not null,
    is_edited {{integer}} not null,
    is_external {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index comment_by_case on comment (case_id, created_at, id);

-- What concerns a user: assigned to me, commented on my case, mentioned, due soon.
create table inbox_item (
    id {{integer}} primary key,
    user_id {{integer}} not null references "user" (id) on delete cascade,
    organisation_id {{integer}} not null references organisation (id),
    kind {{text}} not null,
    happened_at {{integer}} not null,
    actor {{text}},
    case_id {{integer}} not null references "case" (id) on delete cascade,
    task_id {{integer}} references task (id) on delete cascade,
    comment_id {{integer}} references comment (id) on delete cascade,
    excerpt {{text}},
    -- Set for reminders: the same reminder is given once.
    reminder {{text}},
    read_at {{integer}}
) {{strict}};
create index inbox_item_by_user on inbox_item (user_id, organisation_id, id desc);
create index inbox_item_unread on inbox_item (user_id, organisation_id) where read_at is null;
create unique index inbox_item_reminder on inbox_item (user_id, reminder) where reminder is not null;
create index inbox_item_by_case on inbox_item (case_id);
create index inbox_item_by_task on inbox_item (task_id) where task_id is not null;
create index inbox_item_by_comment on inbox_item (comment_id) where comment_id is not null;

-- audit -----------------------------------------------------------------------------------------------------

-- One row for each change of an entity, in the order of the commits. "hash" covers the row and the hash before it.
create table audit (
    id {{integer}} primary key,
    request_id {{text}} not null,
    happened_at {{integer}} not null,
    actor {{text}} not null,
    organisation_id {{integer}} not null,
    action {{text}} not null,
    is_main {{integer}} not null,
    object_kind {{text}} not null,
    object_id {{integer}} not null,
    context_kind {{text}} not null,
    context_id {{integer}} not null,
    details {{text}} not null,
    changes {{text}} not null,
    hash {{blob}} not null
) {{strict}};
create index audit_by_object on audit (object_id, id);
create index audit_by_context on audit (context_id, id);
create index audit_by_request on audit (request_id);

-- full text -------------------------------------------------------------------------------------------------

-- The folded texts of an entity, for searching parts of words; the words themselves are in the index.
create table full_text (
    id {{integer}} primary key,
    kind {{text}} not null,
    title {{text}} not null,
    body {{text}} not null,
    summary {{text}} not null,
    extra {{text}} not null
) {{strict}};
-- only sqlite
create virtual table full_text_index using fts5 (
    kind, title, body, summary, extra,
    content = '', contentless_delete = 1, tokenize = "ascii tokenchars '._-@'"
);
-- only postgres
create table full_text_index (
    id bigint primary key,
    kind {{text}} not null,
    title tsvector not null,
    body tsvector not null,
    summary tsvector not null,
    extra tsvector not null,
    everything tsvector generated always as (title || body || summary || extra) stored
);
create index full_text_index_everything on full_text_index using gin (everything);
create index full_text_index_title on full_text_index using gin (title);
create index full_text_index_body on full_text_index using gin (body);
-- all engines
