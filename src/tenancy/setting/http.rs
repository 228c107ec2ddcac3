//! `/api/v1/config/user`.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::endpoint::Endpoints;
use crate::access::unit::Scoped;
use crate::access::{Authenticated, Error, Result};
use crate::wire::Body;
use crate::wire::url::{Path, Query};

use super::{actions, store};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![list_settings, get_setting, set_setting]
}

/// Which settings to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SettingsQuery {
    /// Only those under this path.
    path: Option<String>,
}

/// A value to be stored.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct InputConfig {
    value: Value,
}

/// A setting.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct OutputConfig {
    path: String,
    default_value: Value,
    value: Value,
}

impl OutputConfig {
    fn new(path: String, value: Option<&str>) -> Result<Self> {
        let value = value.map_or(Ok(Value::Null), serde_json::from_str);
        let value = value.map_err(|error| Error::Internal(format!("setting {path}: {error}")))?;
        Ok(Self {
            path,
            default_value: Value::Null,
            value,
        })
    }
}

/// List the caller's settings.
#[utoipa::path(get, path = "/api/v1/config/user", tag = "Configuration", params(SettingsQuery),
    responses((status = 200, body = Vec<OutputConfig>)))]
async fn list_settings(
    by: Authenticated,
    Query(query): Query<SettingsQuery>,
) -> Result<Json<Vec<OutputConfig>>> {
    by.read(move |reading| {
        let prefix = query.path.unwrap_or_default();
        let settings = store::list(reading, reading.scope().user_id, &prefix)?;
        let outputs = settings
            .into_iter()
            .map(|(path, value)| OutputConfig::new(path, Some(&value)));
        Ok(Json(outputs.collect::<Result<Vec<_>>>()?))
    })
    .await
}

/// Read one of the caller's settings.
#[utoipa::path(get, path = "/api/v1/config/user/{path}", tag = "Configuration", params(("path" = String, Path)),
    responses((status = 200, body = OutputConfig)))]
async fn get_setting(by: Authenticated, Path(path): Path<String>) -> Result<Json<OutputConfig>> {
    by.read(move |reading| {
        let value = store::find(reading, reading.scope().user_id, &path)?;
        Ok(Json(OutputConfig::new(path, value.as_deref())?))
    })
    .await
}

/// Store one of the caller's settings.
#[utoipa::path(put, path = "/api/v1/config/user/{path}", tag = "Configuration", params(("path" = String, Path)),
    request_body = InputConfig, responses((status = 200, body = OutputConfig)))]
async fn set_setting(
    by: Authenticated,
    Path(path): Path<String>,
    Body(input): Body<InputConfig>,
) -> Result<Json<OutputConfig>> {
    by.write(move |unit| {
        actions::set(unit, &path, &input.value)?;
        Ok(Json(OutputConfig {
            path,
            default_value: Value::Null,
            value: input.value,
        }))
    })
    .await
}
