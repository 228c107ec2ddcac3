//! `/api/v1/admin`.

use std::sync::Arc;

use axum::{Extension, Json};
use http::StatusCode;
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManagePlatform;
use crate::access::{Authorized, Error, Result};
use crate::health::http::Status;
use crate::health::{mend, store};
use crate::storage::schema_version;
use crate::wire::url::Path;

pub(in crate::health) fn endpoints() -> Endpoints {
    crate::endpoints![
        trigger_all_checks,
        trigger_check,
        trigger_global_check,
        trigger_dedup_check,
        cancel_check,
        get_check_stats,
        get_index_status,
        reindex,
        rebuild_index,
        repair_schema,
        get_schema_info,
        get_platform_stats,
    ]
}

/// One making of the index at a time.
#[derive(Clone, Default)]
pub struct Indexing(Arc<Mutex<()>>);

/// Look at everything now.
#[utoipa::path(put, path = "/api/v1/admin/check/_all/trigger", tag = "Admin", responses((status = 204)))]
async fn trigger_all_checks(
    by: Authorized<ManagePlatform>,
    Extension(status): Extension<Status>,
) -> Result<StatusCode> {
    status.look(by.scope().now_ms).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn check(by: &Authorized<ManagePlatform>, status: &Status, name: &str) -> Result<StatusCode> {
    let report = status.look(by.scope().now_ms).await?;
    if report.findings.iter().any(|finding| finding.id == name) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::not_found("Check", name))
    }
}

/// Look at one thing now. All are looked at together: it takes less than a second.
#[utoipa::path(put, path = "/api/v1/admin/check/{name}/trigger", tag = "Admin", params(("name" = String, Path)),
    responses((status = 204)))]
async fn trigger_check(
    by: Authorized<ManagePlatform>,
    Path(name): Path<String>,
    Extension(status): Extension<Status>,
) -> Result<StatusCode> {
    check(&by, &status, &name).await
}

/// The same: there is no difference between checks of one entity and of all.
#[utoipa::path(post, path = "/api/v1/admin/check/{name}/global/trigger", tag = "Admin",
    params(("name" = String, Path)), responses((status = 204)))]
async fn trigger_global_check(
    by: Authorized<ManagePlatform>,
    Path(name): Path<String>,
    Extension(status): Extension<Status>,
) -> Result<StatusCode> {
    check(&by, &status, &name).await
}

/// The same: the database has no twins to look for, its keys are unique.
#[utoipa::path(post, path = "/api/v1/admin/check/{name}/dedup/trigger", tag = "Admin",
    params(("name" = String, Path)), responses((status = 204)))]
async fn trigger_dedup_check(
    by: Authorized<ManagePlatform>,
    Path(name): Path<String>,
    Extension(status): Extension<Status>,
) -> Result<StatusCode> {
    check(&by, &status, &name).await
}

/// Nothing is left to cancel: who asks for a check has its end as the answer.
#[utoipa::path(post, path = "/api/v1/admin/check/cancel", tag = "Admin", responses((status = 204)))]
async fn cancel_check(_by: Authorized<ManagePlatform>) -> StatusCode {
    StatusCode::NO_CONTENT
}

/// What the last look found, by check.
#[utoipa::path(get, path = "/api/v1/admin/check/stats", tag = "Admin",
    responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_check_stats(
    by: Authorized<ManagePlatform>,
    Extension(status): Extension<Status>,
) -> Result<Json<Value>> {
    let report = status.recent(by.scope().now_ms).await?;
    let mut checks = Map::new();
    for finding in &report.findings {
        let finding_json =
            serde_json::to_value(finding).map_err(|error| Error::Internal(error.to_string()))?;
        checks.insert(finding.id.to_string(), finding_json);
    }
    Ok(Json(
        json!({ "verdict": report.verdict, "checkedAt": report.checked_at, "checks": checks }),
    ))
}

/// How complete the full-text index is: by table, how many rows it has, and how many of them can't be found.
#[utoipa::path(get, path = "/api/v1/admin/index/status", tag = "Admin",
    responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_index_status(by: Authorized<ManagePlatform>) -> Result<Json<Value>> {
    by.read(|reading| {
        let mut tables = Map::new();
        for table in store::SEARCHED {
            let rows = store::count_rows(reading, table)?;
            let lacking = store::count_lacking(reading, table)?;
            tables.insert(
                table.trim_matches('"').to_owned(),
                json!({ "rows": rows, "lacking": lacking }),
            );
        }
        let left_over = store::count_left_over(reading)?;
        Ok(Json(json!({ "tables": tables, "ofNobody": left_over })))
    })
    .await
}

fn is_index(name: &str) -> Result<()> {
    let is_one = ["_all", "global", "full-text"].contains(&name)
        || store::SEARCHED
            .iter()
            .any(|table| table.trim_matches('"') == name);
    if is_one {
        Ok(())
    } else {
        Err(Error::not_found("Index", name))
    }
}

/// Goes on after the answer: it takes as long as there are texts.
fn index(by: Authorized<ManagePlatform>, indexing: Indexing, is_from_nothing: bool) {
    tokio::spawn(async move {
        let _one_at_a_time = indexing.0.lock().await;
        let mut mended = Vec::new();
        match mend::mend_full_text(&by, is_from_nothing, &mut mended).await {
            Ok(()) => {
                for one in mended {
                    tracing::info!(done = one.done, "the index was made again");
                }
            }
            Err(error) => tracing::error!(%error, "the index could not be made again"),
        }
    });
}

/// Put into the full-text index what it lacks.
#[utoipa::path(post, path = "/api/v1/admin/index/{name}/reindex", tag = "Admin", params(("name" = String, Path)),
    responses((status = 204)))]
async fn reindex(
    by: Authorized<ManagePlatform>,
    Path(name): Path<String>,
    Extension(indexing): Extension<Indexing>,
) -> Result<StatusCode> {
    is_index(&name)?;
    index(by, indexing, false);
    Ok(StatusCode::NO_CONTENT)
}

/// Make the full-text index from nothing. Until it is done, searches find what is in it already.
#[utoipa::path(post, path = "/api/v1/admin/index/{name}/rebuild", tag = "Admin", params(("name" = String, Path)),
    responses((status = 204)))]
async fn rebuild_index(
    by: Authorized<ManagePlatform>,
    Path(name): Path<String>,
    Extension(indexing): Extension<Indexing>,
) -> Result<StatusCode> {
    is_index(&name)?;
    index(by, indexing, true);
    Ok(StatusCode::NO_CONTENT)
}

async fn schema(by: &Authorized<ManagePlatform>) -> Result<Json<Value>> {
    let steps = by.read(|reading| Ok(store::steps(reading)?)).await?;
    let steps: Vec<Value> = steps
        .into_iter()
        .map(|(number, name, applied_at)| {
            json!({ "number": number, "name": name, "appliedAt": applied_at })
        })
        .collect();
    Ok(Json(
        json!({ "expectedVersion": schema_version(), "steps": steps }),
    ))
}

/// The schema after it was looked at. There is nothing to repair: a server does not start on another schema than its own.
#[utoipa::path(post, path = "/api/v1/admin/schema/repair/{schemaName}", tag = "Admin",
    params(("schemaName" = String, Path)), responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn repair_schema(
    by: Authorized<ManagePlatform>,
    Path(name): Path<String>,
) -> Result<Json<Value>> {
    require_ours(&name)?;
    schema(&by).await
}

/// There is one schema; old clients know it by the name of the product they were made for.
fn require_ours(name: &str) -> Result<()> {
    if ["skep", "thehive"].contains(&name) {
        return Ok(());
    }
    Err(Error::not_found("Schema", name))
}

/// The steps that made the schema what it is.
#[utoipa::path(post, path = "/api/v1/admin/schema/info/{schemaName}", tag = "Admin",
    params(("schemaName" = String, Path)), responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_schema_info(
    by: Authorized<ManagePlatform>,
    Path(name): Path<String>,
) -> Result<Json<Value>> {
    require_ours(&name)?;
    schema(&by).await
}

/// How much there is of everything.
#[utoipa::path(get, path = "/api/v1/admin/stats", tag = "Admin",
    responses((status = 200, body = serde_json::Map<String, Value>)))]
async fn get_platform_stats(by: Authorized<ManagePlatform>) -> Result<Json<Value>> {
    by.read(|reading| {
        let mut counts = Map::new();
        for (table, count) in store::count_all(reading)? {
            counts.insert(table.trim_matches('"').to_owned(), count.into());
        }
        Ok(Json(json!({ "rows": counts })))
    })
    .await
}
