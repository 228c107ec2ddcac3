//! Registration of endpoints: a handler without a guard does not compile, and each one is catalogued.
//!
//! The catalogue feeds the policy table, the walk of every endpoint without rights, and the OpenAPI document.

use std::future::Future;

use utoipa_axum::router::OpenApiRouter;

use super::guard::{AccessGuard, Gate};
use super::permission::Need;

/// One endpoint as the catalogue knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// The handler's name.
    pub handler: &'static str,
    /// `GET`, `POST`…
    pub method: String,
    /// The path with its `{parameters}`.
    pub path: String,
    /// What its guard asks for.
    pub need: Need,
}

/// The endpoints of a domain, or of the whole house.
#[derive(Default)]
pub struct Endpoints {
    /// Their routes and documents.
    pub router: OpenApiRouter<Gate>,
    /// Who may call them.
    pub catalogue: Vec<CatalogueEntry>,
}

impl Endpoints {
    /// Both together.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.catalogue.extend(other.catalogue);
        self
    }

    /// Adds the routes of one handler. Called by [`endpoints!`](crate::endpoints).
    #[must_use]
    pub fn with(
        mut self,
        handler: &'static str,
        need: Need,
        routes: utoipa_axum::router::UtoipaMethodRouter<Gate>,
    ) -> Self {
        for (path, item) in &routes.1.paths {
            let operations = [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ];
            for (method, operation) in operations {
                if operation.is_some() {
                    self.catalogue.push(CatalogueEntry {
                        handler,
                        method: method.to_owned(),
                        path: path.clone(),
                        need,
                    });
                }
            }
        }
        self.router = self.router.routes(routes);
        self
    }
}

/// A handler whose first argument is a guard.
#[diagnostic::on_unimplemented(
    message = "a handler's first argument has to be a guard: `Authorized<…>`, `Authenticated` or `Public`",
    label = "no guard"
)]
pub trait Guarded<Arguments> {
    /// What the guard asks for.
    const NEED: Need;
}

macro_rules! guarded {
    ($($argument:ident)*) => {
        impl<F, Fut, G, $($argument),*> Guarded<(G, $($argument,)*)> for F
        where
            F: Fn(G, $($argument),*) -> Fut,
            Fut: Future,
            G: AccessGuard,
        {
            const NEED: Need = G::NEED;
        }
    };
}
guarded!();
guarded!(A);
guarded!(A B);
guarded!(A B C);
guarded!(A B C D);

/// What the handler's guard asks for.
pub fn need_of<Arguments, H: Guarded<Arguments>>(_handler: H) -> Need {
    H::NEED
}

/// Collects handlers into [`Endpoints`](crate::access::endpoint::Endpoints): `endpoints![get_case, create_case]`.
#[macro_export]
macro_rules! endpoints {
    ($($handler:ident),+ $(,)?) => {{
        $crate::access::endpoint::Endpoints::default()
            $(.with(
                stringify!($handler),
                $crate::access::endpoint::need_of($handler),
                utoipa_axum::routes!($handler),
            ))+
    }};
}
