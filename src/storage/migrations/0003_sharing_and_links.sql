-- Restricted cases, links between organisations and between cases, and cases that were merged.

-- The organisation whose members all see the case: its owner; nobody's, while the case is for some users only. The
-- lists' indexes hold it where they held the owner, so that a list of cases still needs nothing but its index.
alter table "case" add column open_organisation_id {{integer}} references organisation (id);
-- For people from outside: everybody of the organisation's.
alter table "case" add column is_for_all_outside {{integer}} not null default 0;
-- The case that this one was merged into. Such a case has "deleted_at" too: it exists nowhere, until it is taken apart.
alter table "case" add column merged_into_id {{integer}} references "case" (id);
update "case" set open_organisation_id = organisation_id;
drop index case_by_created;
drop index case_by_stage;
drop index case_by_status;
drop index case_by_severity;
drop index case_by_assignee;
create index case_by_created on "case" (created_at desc, id desc, open_organisation_id, deleted_at)
    where deleted_at is null;
create index case_by_stage on "case" (stage, created_at desc, id desc, open_organisation_id) where deleted_at is null;
create index case_by_status on "case" (status, created_at desc, id desc, open_organisation_id) where deleted_at is null;
create index case_by_severity on "case" (severity desc, created_at desc, id desc, open_organisation_id)
    where deleted_at is null;
create index case_by_assignee on "case"
    (assignee, created_at desc, id desc, stage, status, severity, open_organisation_id) where deleted_at is null;
create index case_by_merged_into on "case" (merged_into_id, id) where merged_into_id is not null;

-- The users who see a restricted case, or those from outside who see a case that is open to some of them.
create table case_access (
    case_id {{integer}} not null references "case" (id) on delete cascade,
    user_id {{integer}} not null references "user" (id) on delete cascade,
    position {{integer}} not null,
    primary key (case_id, user_id)
) {{strict_without_rowid}};
create index case_access_by_user on case_access (user_id, case_id);

-- What an organisation shares with another by itself. A link is a pair of rows, one for each direction.
create table organisation_link (
    organisation_id {{integer}} not null references organisation (id),
    other_organisation_id {{integer}} not null references organisation (id),
    link_type {{text}} not null,
    primary key (organisation_id, other_organisation_id)
) {{strict_without_rowid}};
create index organisation_link_by_other on organisation_link (other_organisation_id, organisation_id);

-- A link between two cases is a pair of rows, one for each end.
create table case_link (
    case_id {{integer}} not null references "case" (id) on delete cascade,
    other_case_id {{integer}} not null references "case" (id) on delete cascade,
    type {{text}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    primary key (case_id, other_case_id, type)
) {{strict_without_rowid}};
create index case_link_by_other on case_link (other_case_id, case_id);

create table case_external_link (
    case_id {{integer}} not null references "case" (id) on delete cascade,
    url {{text}} not null,
    type {{text}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    primary key (case_id, url, type)
) {{strict_without_rowid}};

-- Where the parts of a merged case came from. The id is that of the part, whatever it is.
create table case_part_moved (
    into_case_id {{integer}} not null references "case" (id) on delete cascade,
    part_id {{integer}} not null,
    from_case_id {{integer}} not null references "case" (id) on delete cascade,
    primary key (into_case_id, part_id)
) {{strict_without_rowid}};
create index case_part_moved_by_from on case_part_moved (from_case_id);
