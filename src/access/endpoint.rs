//! Registration of endpoints: a handler without a guard does not compile, and each one is catalogued.
//!
//! The catalogue feeds the policy table, the walk of every endpoint without rights, and the OpenAPI document. What the handlers
//! say of themselves for that document is heavy, so only a debug build makes it; a release holds the text.

use std::future::Future;

use axum::Router;
use axum::routing::{MethodFilter, MethodRouter};
use utoipa::openapi::path::HttpMethod;
use utoipa_axum::PathItemExt;

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
    /// Their routes.
    pub router: Router<Gate>,
    /// Who may call them.
    pub catalogue: Vec<CatalogueEntry>,
    /// What they take and answer.
    #[cfg(debug_assertions)]
    pub description: described::Description,
}

impl Endpoints {
    /// Both together.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.catalogue.extend(other.catalogue);
        #[cfg(debug_assertions)]
        self.description.extend(other.description);
        self
    }

    /// Adds one handler with the path and the methods that it is described by. Called by
    /// [`endpoints!`](crate::endpoints).
    #[must_use]
    pub fn with<D: described::Described>(
        mut self,
        handler: &'static str,
        need: Need,
        serve: impl FnOnce(MethodFilter) -> MethodRouter<Gate>,
    ) -> Self {
        let path = D::path();
        let methods = D::methods();
        self.catalogue
            .extend(methods.iter().map(|method| CatalogueEntry {
                handler,
                method: name_of(method).to_owned(),
                path: path.clone(),
                need,
            }));
        let filters = methods.iter().map(PathItemExt::to_method_filter);
        if let Some(filter) = filters.reduce(MethodFilter::or) {
            self.router = self.router.route(&path, serve(filter));
        }
        #[cfg(debug_assertions)]
        self.description.add::<D>();
        self
    }
}

fn name_of(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Head => "HEAD",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Trace => "TRACE",
    }
}

/// What handlers say of themselves.
pub mod described {
    use utoipa::__dev::{SchemaReferences, Tags};

    /// What `#[utoipa::path]` makes of a handler.
    pub trait Described: utoipa::Path + SchemaReferences + for<'t> Tags<'t> {}

    impl<D: utoipa::Path + SchemaReferences + for<'t> Tags<'t>> Described for D {}

    /// What several of them say.
    #[cfg(debug_assertions)]
    #[derive(Default)]
    pub struct Description {
        /// By their paths.
        pub paths: utoipa::openapi::Paths,
        /// What their bodies are made of.
        pub schemas: Vec<(
            String,
            utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>,
        )>,
    }

    #[cfg(debug_assertions)]
    impl Description {
        pub(super) fn add<D: Described>(&mut self) {
            D::schemas(&mut self.schemas);
            let mut operation = D::operation();
            let tags = D::tags().into_iter().map(str::to_owned);
            operation.tags.get_or_insert_default().extend(tags);
            self.paths
                .add_path_operation(D::path(), D::methods(), operation);
        }

        pub(super) fn extend(&mut self, other: Self) {
            self.schemas.extend(other.schemas);
            self.paths.merge(other.paths);
        }
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
    ($($handler:ident),+ $(,)?) => {
        utoipa_axum::paste! {
            $crate::access::endpoint::Endpoints::default()
                $(.with::<[<__path_ $handler>]>(
                    stringify!($handler),
                    $crate::access::endpoint::need_of($handler),
                    |methods| axum::routing::on(methods, $handler),
                ))+
        }
    };
}
