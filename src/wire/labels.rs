//! The words that accompany the numbers of severity, TLP and PAP, and the ranges of these numbers.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

macro_rules! scale {
    ($(#[$doc:meta])* $name:ident, $word:literal, [$($number:literal $label:literal),+]) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub struct $name(pub i64);

        impl $name {
            /// The word for the number.
            pub fn label(self) -> &'static str {
                match self.0 { $($number => $label,)+ _ => "UNKNOWN" }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match i64::deserialize(deserializer)? {
                    $($number => Ok(Self($number)),)+
                    _ => Err(D::Error::custom(concat!("must be one of" $(, " ", $number)+))),
                }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::Integer))
                    .enum_values(Some([$($number),+]))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { $word.into() }
        }
    };
}

scale!(
    /// How bad it is, 1 to 4.
    Severity, "Severity", [1 "LOW", 2 "MEDIUM", 3 "HIGH", 4 "CRITICAL"]
);
scale!(
    /// Traffic light protocol 2.0: with whom the information may be shared, 0 to 4.
    Tlp, "Tlp", [0 "CLEAR", 1 "GREEN", 2 "AMBER", 3 "AMBER+STRICT", 4 "RED"]
);
scale!(
    /// Permissible actions protocol: what may be done with the information, 0 to 3.
    Pap, "Pap", [0 "CLEAR", 1 "GREEN", 2 "AMBER", 3 "RED"]
);
