-- What was read of the events of MISP servers, and what was given to them.

-- How far the events of a server were read.
create table misp_sync (
    server_id {{integer}} primary key references integration_server (id) on delete cascade,
    -- All that changed before this second is done.
    done_until_s {{integer}} not null,
    -- Who reads now, and until when that holds without a sign of life.
    held_by {{text}},
    held_until {{integer}},
    started_at {{integer}},
    ended_at {{integer}},
    created_count {{integer}} not null,
    updated_count {{integer}} not null,
    problem {{text}}
) {{strict}};

-- Events that could not be taken. Each is tried again a few times.
create table misp_failure (
    server_id {{integer}} not null references integration_server (id) on delete cascade,
    event_id {{text}} not null,
    -- When the event changed, seconds since 1970.
    changed_s {{integer}} not null,
    tries {{integer}} not null,
    problem {{text}} not null,
    failed_at {{integer}} not null,
    primary key (server_id, event_id)
) {{strict_without_rowid}};

-- The alerts that were made of events.
create table misp_alert (
    alert_id {{integer}} primary key references alert (id) on delete cascade,
    server_id {{integer}} not null references integration_server (id) on delete cascade,
    organisation_id {{integer}} not null references organisation (id) on delete cascade,
    event_id {{text}} not null,
    -- The change of the event that is in the alert with all that belongs to it; 0 when none is yet.
    done_s {{integer}} not null
) {{strict}};
create unique index misp_alert_by_event on misp_alert (server_id, event_id, organisation_id);
create index misp_alert_by_organisation on misp_alert (organisation_id);

-- The events that were made of cases.
create table misp_export (
    server_id {{integer}} not null references integration_server (id) on delete cascade,
    event_id {{text}} not null,
    event_uuid {{text}} not null,
    case_id {{integer}} not null references "case" (id) on delete cascade,
    organisation_id {{integer}} not null references organisation (id) on delete cascade,
    exported_at {{integer}} not null,
    primary key (server_id, event_id)
) {{strict_without_rowid}};
create index misp_export_by_case on misp_export (case_id, server_id, exported_at);
create index misp_export_by_organisation on misp_export (organisation_id);
