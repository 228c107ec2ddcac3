//! `/api/v1/taxonomy`. They are listed by queries.

use axum::Json;
use http::StatusCode;

use crate::access::endpoint::Endpoints;
use crate::access::permission::needs::ManageTaxonomy;
use crate::access::{Authenticated, Authorized, Error, FieldProblem, Result, Visible};
use crate::storage::Queries;
use crate::wire::form::blocking;
use crate::wire::url::Path;
use crate::wire::{Body, Form};

use super::model::{
    InputTaxonomy, InputTaxonomyFile, OutputTaxonomy, OutputTaxonomyImport, Taxonomy,
};
use super::{actions, unpacking};

pub(super) fn endpoints() -> Endpoints {
    crate::endpoints![
        create_taxonomy,
        import_taxonomies,
        get_taxonomy,
        activate_taxonomy,
        deactivate_taxonomy,
        delete_taxonomy
    ]
}

fn output(queries: &dyn Queries, taxonomy: &Taxonomy) -> Result<OutputTaxonomy> {
    let mut tags = actions::tags_of(queries, &[taxonomy])?;
    let tags = tags.remove(&taxonomy.id).unwrap_or_default();
    Ok(OutputTaxonomy::of(taxonomy, tags))
}

/// Bring a taxonomy in, in the form of MISP's `machinetag.json`. A newer version takes the place of the one that is there.
#[utoipa::path(post, path = "/api/v1/taxonomy", tag = "Taxonomy", request_body = InputTaxonomy,
    responses((status = 201, body = OutputTaxonomy)))]
async fn create_taxonomy(
    by: Authorized<ManageTaxonomy>,
    Body(input): Body<InputTaxonomy>,
) -> Result<(StatusCode, Json<OutputTaxonomy>)> {
    by.write(|unit| {
        let taxonomy = actions::import(unit, input)?;
        Ok((StatusCode::CREATED, Json(output(unit, &taxonomy)?)))
    })
    .await
}

/// Bring in the taxonomies of a zip archive: each of its files `machinetag.json` is one. When some of them can't be read,
/// the others are brought in all the same, and the answer is 207 with what was wrong.
#[utoipa::path(post, path = "/api/v1/taxonomy/import-zip", tag = "Taxonomy",
    request_body(content = InputTaxonomyFile, content_type = "multipart/form-data"),
    responses((status = 201, body = OutputTaxonomyImport), (status = 207, body = OutputTaxonomyImport)))]
async fn import_taxonomies(
    by: Authorized<ManageTaxonomy>,
    form: Form,
) -> Result<(StatusCode, Json<OutputTaxonomyImport>)> {
    let parts = form.read_files().await?;
    let missing = || Error::invalid(FieldProblem::missing("file"));
    let file = parts.files.into_iter().next().ok_or_else(missing)?;
    let (taxonomies, errors) = blocking(move || unpacking::unpack(file.staged.open()?)).await?;
    let mut output = OutputTaxonomyImport {
        errors,
        ..OutputTaxonomyImport::default()
    };
    // Each in a unit of its own: none holds up the others, or the writes of other people.
    for (name, taxonomy) in taxonomies {
        let outcome = by.write(|unit| actions::import_unless_there(unit, taxonomy));
        match outcome.await {
            Ok(imported) => output.imported.push(imported),
            Err(error @ (Error::Storage(_) | Error::Internal(_))) => return Err(error),
            Err(error) => output.errors.push(unpacking::failure(name, &error)),
        }
    }
    let status = if output.errors.is_empty() {
        StatusCode::CREATED
    } else {
        StatusCode::MULTI_STATUS
    };
    Ok((status, Json(output)))
}

/// Read a taxonomy with its tags, by id or namespace.
#[utoipa::path(get, path = "/api/v1/taxonomy/{taxonomyId}", tag = "Taxonomy",
    params(("taxonomyId" = String, Path)), responses((status = 200, body = OutputTaxonomy)))]
async fn get_taxonomy(
    by: Authenticated,
    Path(reference): Path<String>,
) -> Result<Json<OutputTaxonomy>> {
    by.read(move |reading| {
        let taxonomy = Visible::<Taxonomy>::get(reading, &reference)?;
        output(reading, &taxonomy).map(Json)
    })
    .await
}

/// Offer the tags of a taxonomy.
#[utoipa::path(put, path = "/api/v1/taxonomy/{taxonomyId}/activate", tag = "Taxonomy",
    params(("taxonomyId" = String, Path)), responses((status = 204)))]
async fn activate_taxonomy(
    by: Authorized<ManageTaxonomy>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::set_enabled(unit, &Visible::get(unit, &reference)?, true))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Do not offer the tags of a taxonomy any more. What carries some keeps them.
#[utoipa::path(put, path = "/api/v1/taxonomy/{taxonomyId}/deactivate", tag = "Taxonomy",
    params(("taxonomyId" = String, Path)), responses((status = 204)))]
async fn deactivate_taxonomy(
    by: Authorized<ManageTaxonomy>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::set_enabled(unit, &Visible::get(unit, &reference)?, false))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a taxonomy, and take its tags from all that carries them.
#[utoipa::path(delete, path = "/api/v1/taxonomy/{taxonomyId}", tag = "Taxonomy",
    params(("taxonomyId" = String, Path)), responses((status = 204)))]
async fn delete_taxonomy(
    by: Authorized<ManageTaxonomy>,
    Path(reference): Path<String>,
) -> Result<StatusCode> {
    by.write(move |unit| actions::delete(unit, &Visible::get(unit, &reference)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
