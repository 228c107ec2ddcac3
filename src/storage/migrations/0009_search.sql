-- Searching and counting without a look at each row.

-- Words stand in the index behind a letter for the kind of their entity; where they stand in a text is not kept. What people
-- type first, two to five letters, is in it by itself, since nearly every text has a word that begins so.
drop table full_text_index;
-- only sqlite
create virtual table full_text_index using fts5 (
    title, body, summary, extra,
    content = '', contentless_delete = 1, detail = column, prefix = '3 4 5 6', tokenize = "ascii tokenchars '._-@'"
);
-- The pieces of three characters of each title.
create virtual table full_text_pieces using fts5 (
    pieces, content = '', contentless_delete = 1, detail = none, tokenize = "ascii tokenchars '_'"
);
-- only postgres
create table full_text_index (
    id bigint primary key,
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

-- What a count has to look at is in the index, so that it looks at nothing else; and when cases were closed.
drop index case_by_stage;
drop index case_by_status;
drop index case_by_severity;
create index case_by_stage on "case" (stage, created_at desc, id desc, organisation_id, deleted_at) where deleted_at is null;
create index case_by_status on "case" (status, created_at desc, id desc, organisation_id, deleted_at) where deleted_at is null;
create index case_by_severity on "case"
    (severity desc, created_at desc, id desc, organisation_id, deleted_at) where deleted_at is null;
create index case_by_closed on "case" (closed_at, id, organisation_id, deleted_at)
    where closed_at is not null and deleted_at is null;
