//! `/api/v1/config`.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::{ManageConfig, ManagePlatform};
use crate::access::scope::ADMIN_ORGANISATION_ID;
use crate::access::unit::Scoped;
use crate::access::{Authenticated, Authorized, Error, Reading, Result};
use crate::wire::Body;
use crate::wire::url::{Path, Query};

use super::{actions, store};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        list_settings,
        get_setting,
        set_setting,
        get_organisation_setting,
        set_organisation_setting,
        list_platform_settings,
        get_platform_setting,
        set_platform_setting,
    ]
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
        Ok(Self::known(path, value))
    }

    fn known(path: String, value: Value) -> Self {
        Self {
            path,
            default_value: Value::Null,
            value,
        }
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
        Ok(Json(OutputConfig::known(path, input.value)))
    })
    .await
}

/// Read a setting of the organisation.
#[utoipa::path(get, path = "/api/v1/config/organisation/{path}", tag = "Configuration", params(("path" = String, Path)),
    responses((status = 200, body = OutputConfig)))]
async fn get_organisation_setting(
    by: Authorized<ManageConfig>,
    Path(path): Path<String>,
) -> Result<Json<OutputConfig>> {
    by.read(move |reading| of_organisation(reading, reading.scope().organisation.id, path))
        .await
}

fn of_organisation(reading: &Reading, id: i64, path: String) -> Result<Json<OutputConfig>> {
    let value = store::find_of_organisation(reading, id, &path)?;
    Ok(Json(OutputConfig::new(path, value.as_deref())?))
}

/// Store a setting of the organisation.
#[utoipa::path(put, path = "/api/v1/config/organisation/{path}", tag = "Configuration", params(("path" = String, Path)),
    request_body = InputConfig, responses((status = 200, body = OutputConfig)))]
async fn set_organisation_setting(
    by: Authorized<ManageConfig>,
    Path(path): Path<String>,
    Body(input): Body<InputConfig>,
) -> Result<Json<OutputConfig>> {
    by.write(move |unit| {
        actions::set_of_organisation(unit, &path, &input.value)?;
        Ok(Json(OutputConfig::known(path, input.value)))
    })
    .await
}

/// List the settings of the platform.
#[utoipa::path(get, path = "/api/v1/config", tag = "Configuration", params(SettingsQuery),
    responses((status = 200, body = Vec<OutputConfig>)))]
async fn list_platform_settings(
    by: Authorized<ManagePlatform>,
    Query(query): Query<SettingsQuery>,
) -> Result<Json<Vec<OutputConfig>>> {
    by.read(move |reading| {
        let prefix = query.path.unwrap_or_default();
        let settings = store::list_of_organisation(reading, ADMIN_ORGANISATION_ID, &prefix)?;
        let outputs = settings
            .into_iter()
            .map(|(path, value)| OutputConfig::new(path, Some(&value)));
        Ok(Json(outputs.collect::<Result<Vec<_>>>()?))
    })
    .await
}

/// Read a setting of the platform.
#[utoipa::path(get, path = "/api/v1/config/{path}", tag = "Configuration", params(("path" = String, Path)),
    responses((status = 200, body = OutputConfig)))]
async fn get_platform_setting(
    by: Authorized<ManagePlatform>,
    Path(path): Path<String>,
) -> Result<Json<OutputConfig>> {
    by.read(move |reading| of_organisation(reading, ADMIN_ORGANISATION_ID, path))
        .await
}

/// Store a setting of the platform.
#[utoipa::path(put, path = "/api/v1/config/{path}", tag = "Configuration", params(("path" = String, Path)),
    request_body = InputConfig, responses((status = 200, body = OutputConfig)))]
async fn set_platform_setting(
    by: Authorized<ManagePlatform>,
    Path(path): Path<String>,
    Body(input): Body<InputConfig>,
) -> Result<Json<OutputConfig>> {
    by.write(move |unit| {
        actions::set_of_organisation(unit, &path, &input.value)?;
        Ok(Json(OutputConfig::known(path, input.value)))
    })
    .await
}
