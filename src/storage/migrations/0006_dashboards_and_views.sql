-- What people make of the work to look at it, and what organisations and the platform are set to.

create table dashboard (
    id {{integer}} primary key,
    organisation_id {{integer}} not null references organisation (id),
    owner_id {{integer}} references "user" (id) on delete set null,
    title {{text}} not null,
    title_folded {{text}} not null,
    description {{text}} not null,
    group_name {{text}} not null,
    is_shared {{integer}} not null,
    definition {{text}} not null,
    version {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index dashboard_by_organisation on dashboard (organisation_id, title_folded, id);
create index dashboard_by_owner on dashboard (owner_id);

-- Those that were there before dashboards were: they are given theirs at the next start.
create table organisation_without_dashboards (
    organisation_id {{integer}} primary key references organisation (id) on delete cascade
) {{strict}};
insert into organisation_without_dashboards (organisation_id) select id from organisation where name <> 'admin';

-- How somebody has set up a list.
create table list_view (
    id {{integer}} primary key,
    organisation_id {{integer}} not null references organisation (id),
    owner_id {{integer}} references "user" (id) on delete set null,
    name {{text}} not null,
    name_folded {{text}} not null,
    entity {{text}} not null,
    look {{text}} not null,
    is_shared {{integer}} not null,
    created_at {{integer}} not null,
    created_by {{text}} not null,
    updated_at {{integer}},
    updated_by {{text}}
) {{strict}};
create index list_view_by_organisation on list_view (organisation_id, entity, name_folded, id);
create index list_view_by_owner on list_view (owner_id);

-- Settings of an organisation; those of "admin" are the platform's.
create table organisation_setting (
    organisation_id {{integer}} not null references organisation (id) on delete cascade,
    path {{text}} not null,
    value {{text}} not null,
    primary key (organisation_id, path)
) {{strict_without_rowid}};
