//! Markdown to HTML, for the user interface: one renderer and one sanitiser for what everybody sees.

use serde::{Deserialize, Serialize};

use crate::access::{Error, FieldProblem, Result};
use crate::text::markdown::to_html;

/// Texts that are rendered at once.
const TEXTS_MAX: usize = 200;

/// Texts to be rendered.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub(super) struct InputMarkdown {
    pub texts: Vec<String>,
}

/// HTML that is safe to show, in the order of the texts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct OutputMarkdown {
    pub html: Vec<String>,
}

/// Renders the texts on a thread that may take its time.
pub(super) async fn render(input: InputMarkdown) -> Result<OutputMarkdown> {
    if input.texts.len() > TEXTS_MAX {
        let message = format!("must be at most {TEXTS_MAX}");
        return Err(Error::invalid(FieldProblem::format("texts", message)));
    }
    tokio::task::spawn_blocking(move || OutputMarkdown {
        html: input.texts.iter().map(|text| to_html(text)).collect(),
    })
    .await
    .map_err(|error| Error::Internal(format!("rendering markdown: {error}")))
}
