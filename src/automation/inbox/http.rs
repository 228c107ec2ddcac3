//! `/api/skep/v1/inbox`.

use axum::Json;
use http::StatusCode;
use serde::Deserialize;

use crate::access::endpoint::Endpoints;
use crate::access::unit::Scoped;
use crate::access::{Authenticated, Error, FieldProblem, Result};
use crate::wire::url::Query;
use crate::wire::{Body, page};

use super::model::{InputMark, OutputInbox};
use super::{actions, store};

/// Items on one page.
const PAGE_MAX: i64 = 200;
/// Items that can be marked by their ids at once.
const MARK_MAX: usize = 1_000;

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![list_inbox, mark_inbox_read, mark_inbox_unread]
}

/// A page of the inbox.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct InboxPage {
    /// Only what is unread.
    unread: Option<bool>,
    /// The first item, from 0.
    from: Option<i64>,
    /// The item after the last.
    to: Option<i64>,
}

/// What concerns me, the latest first.
#[utoipa::path(get, path = "/api/skep/v1/inbox", tag = "Inbox", params(InboxPage),
    responses((status = 200, body = OutputInbox)))]
async fn list_inbox(
    by: Authenticated,
    Query(asked): Query<InboxPage>,
) -> Result<Json<OutputInbox>> {
    let (from, count) = page::rows(asked.from, asked.to, PAGE_MAX);
    let is_unread_only = asked.unread.unwrap_or(false);
    by.read(move |reading| {
        let owner = (reading.scope().user_id, reading.scope().organisation.id);
        Ok(Json(OutputInbox {
            unread_count: store::count(reading, owner, true)?,
            total: store::count(reading, owner, is_unread_only)?,
            items: store::list(reading, owner, is_unread_only, from, count)?,
        }))
    })
    .await
}

/// Mark items as read.
#[utoipa::path(post, path = "/api/skep/v1/inbox/read", tag = "Inbox", request_body = InputMark,
    responses((status = 204)))]
async fn mark_inbox_read(by: Authenticated, Body(input): Body<InputMark>) -> Result<StatusCode> {
    check(&input)?;
    by.write(move |unit| {
        if input.all {
            actions::mark_all_read(unit)
        } else {
            actions::mark(unit, &input.ids, true)
        }
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mark items as unread.
#[utoipa::path(post, path = "/api/skep/v1/inbox/unread", tag = "Inbox", request_body = InputMark,
    responses((status = 204)))]
async fn mark_inbox_unread(by: Authenticated, Body(input): Body<InputMark>) -> Result<StatusCode> {
    check(&input)?;
    by.write(move |unit| actions::mark(unit, &input.ids, false))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check(input: &InputMark) -> Result<()> {
    if input.ids.len() > MARK_MAX {
        return Err(Error::invalid(FieldProblem::format(
            "ids",
            format!("must be at most {MARK_MAX}"),
        )));
    }
    Ok(())
}
