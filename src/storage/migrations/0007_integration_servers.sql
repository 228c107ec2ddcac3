-- Servers of others that the program works with: those of Cortex that analyse and respond, those of MISP that share events.

create table integration_server (
    id {{integer}} primary key,
    -- 'cortex' or 'misp'.
    kind {{text}} not null,
    name {{text}} not null,
    name_folded {{text}} not null,
    url {{text}} not null,
    -- Under the master key, like the API keys of users.
    key_sealed {{blob}} not null,
    proxy_sealed {{blob}},
    is_enabled {{integer}} not null,
    -- All organisations may use it, but for those that are excluded.
    is_for_all {{integer}} not null,
    accepts_any_certificate {{integer}} not null,
    ca_pem {{text}},
    time_max_s {{integer}} not null,
    -- What only servers of this kind are set to, as JSON.
    options {{text}} not null,
    -- What the last look at it gave: 'OK', 'AUTH_ERROR' or 'ERROR'.
    health {{text}},
    health_problem {{text}},
    health_version {{text}},
    checked_at {{integer}},
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create unique index integration_server_by_name on integration_server (kind, name_folded);

create table integration_server_organisation (
    server_id {{integer}} not null references integration_server (id) on delete cascade,
    organisation_id {{integer}} not null references organisation (id) on delete cascade,
    is_excluded {{integer}} not null,
    primary key (server_id, organisation_id, is_excluded)
) {{strict_without_rowid}};
create index integration_server_organisation_by_organisation on integration_server_organisation (organisation_id);

-- What analyzers found out about observables: a list of taxonomies by the analyzer's name, as JSON.
alter table observable add column reports {{text}};

-- An observable that an analyzer of a Cortex looks at.
create table job (
    id {{integer}} primary key,
    observable_id {{integer}} not null references observable (id) on delete cascade,
    organisation_id {{integer}} not null references organisation (id),
    -- The name of the server, which may be one that there is not.
    server_name {{text}} not null,
    analyzer_id {{text}} not null,
    analyzer_name {{text}} not null,
    analyzer_definition {{text}} not null,
    remote_id {{text}},
    status {{text}} not null,
    started_at {{integer}} not null,
    ended_at {{integer}},
    report {{text}},
    operations {{text}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index job_by_observable on job (observable_id, created_at desc, id desc);
create index job_by_created on job (created_at desc, id desc);

-- What an analyzer found beside: it is no observable of the case until somebody makes it one.
create table job_artifact (
    id {{integer}} primary key,
    job_id {{integer}} not null references job (id) on delete cascade,
    data_type {{text}} not null,
    -- The value, or the name of the file.
    data {{text}} not null,
    -- The file's name in the store of the Cortex.
    remote_file {{text}},
    content_type {{text}},
    message {{text}},
    tlp {{integer}} not null,
    tags {{text}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null
) {{strict}};
create index job_artifact_by_job on job_artifact (job_id, id);

-- A case, alert, task, log or observable that a responder of a Cortex acts on.
create table action (
    id {{integer}} primary key,
    organisation_id {{integer}} not null references organisation (id),
    object_type {{text}} not null,
    object_id {{integer}} not null,
    -- The case or alert that the object belongs to.
    context_type {{text}} not null,
    context_id {{integer}} not null,
    server_name {{text}} not null,
    responder_id {{text}} not null,
    responder_name {{text}} not null,
    responder_definition {{text}},
    remote_id {{text}},
    status {{text}} not null,
    started_at {{integer}} not null,
    ended_at {{integer}},
    report {{text}} not null,
    operations {{text}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index action_by_object on action (object_id, created_at desc, id desc);
create index action_by_created on action (created_at desc, id desc);

-- Jobs and actions that are under way. What has ended has no row here.
create table cortex_run (
    -- The id of the job or action.
    id {{integer}} primary key,
    job_id {{integer}} references job (id) on delete cascade,
    action_id {{integer}} references action (id) on delete cascade,
    server_id {{integer}} references integration_server (id) on delete set null,
    -- In whose name the operations are done.
    user_id {{integer}} not null,
    organisation_id {{integer}} not null references organisation (id) on delete cascade,
    -- What is handed over, as JSON.
    worker_order {{text}} not null,
    -- Set before it is handed over: whether that was done cannot be known after a crash.
    handed_over_at {{integer}},
    remote_id {{text}},
    -- The operations that are done already, with what came of them, as JSON.
    operations_done {{text}} not null,
    error_count {{integer}} not null,
    next_at {{integer}} not null,
    give_up_at {{integer}} not null
) {{strict}};
create index cortex_run_by_next on cortex_run (next_at);

-- How clients show the reports of an analyzer.
create table analyzer_template (
    id {{integer}} primary key,
    analyzer_id {{text}} not null,
    content {{text}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create unique index analyzer_template_by_analyzer on analyzer_template (analyzer_id);
