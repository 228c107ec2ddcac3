//! What a setting is: a field with its documentation, its kind and its default, declared once by `settings!`.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use super::secret::Secret;

/// What is written for a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text in quotes.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Text that is never shown, and that may come from a file: `name_file` in place of `name`.
    Secret,
}

/// One setting as the reference and `skep config print` show it.
#[derive(Debug)]
pub struct Setting {
    /// Its name within the topic.
    pub name: &'static str,
    /// What it is for, line by line.
    pub docs: &'static [&'static str],
    /// What is written for it.
    pub kind: Kind,
    /// Its value as it is written in the file; nothing when it is not set.
    pub value: Option<String>,
}

/// A type that settings can have.
pub trait SettingType {
    /// What is written for it.
    const KIND: Kind;
    /// The value as it is written in the file.
    fn written(&self) -> Option<String>;
}

macro_rules! quoted {
    ($($type:ty),+) => {$(
        impl SettingType for $type {
            const KIND: Kind = Kind::Text;
            fn written(&self) -> Option<String> {
                Some(quote(&self.to_string()))
            }
        }
    )+};
}
quoted!(SocketAddr, String, super::LogFormat);

macro_rules! plain {
    ($($type:ty => $kind:ident),+) => {$(
        impl SettingType for $type {
            const KIND: Kind = Kind::$kind;
            fn written(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )+};
}
plain!(u32 => Integer, NonZeroU32 => Integer, bool => Boolean);

impl SettingType for Option<SocketAddr> {
    const KIND: Kind = Kind::Text;
    fn written(&self) -> Option<String> {
        self.map(|address| quote(&address.to_string()))
    }
}

impl SettingType for PathBuf {
    const KIND: Kind = Kind::Text;
    fn written(&self) -> Option<String> {
        Some(quote(&self.display().to_string()))
    }
}

impl SettingType for Option<PathBuf> {
    const KIND: Kind = Kind::Text;
    fn written(&self) -> Option<String> {
        self.as_ref().map(|path| quote(&path.display().to_string()))
    }
}

impl SettingType for Option<Secret> {
    const KIND: Kind = Kind::Secret;
    fn written(&self) -> Option<String> {
        self.as_ref().map(|_| quote("(set, not shown)"))
    }
}

fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            character if character.is_control() => {
                let escape = format!("\\u{:04X}", u32::from(character));
                quoted.push_str(&escape);
            }
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Declares a topic: `pub struct Server named "server" { /// docs… listen: SocketAddr = default, }`.
macro_rules! settings {
    (
        $(#[doc = $topic_doc:literal])+
        pub struct $topic:ident named $topic_name:literal {
            $(
                $(#[doc = $doc:literal])+
                $field:ident: $type:ty = $default:expr,
            )+
        }
    ) => {
        $(#[doc = $topic_doc])+
        #[derive(Debug, Clone, serde::Deserialize)]
        #[serde(default)]
        pub struct $topic {
            $(
                $(#[doc = $doc])+
                pub $field: $type,
            )+
        }

        impl Default for $topic {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl $topic {
            /// The topic with its documentation and values.
            pub(super) fn topic(&self) -> $crate::config::Topic {
                $crate::config::Topic {
                    name: $topic_name,
                    docs: &[$($topic_doc),+],
                    settings: vec![$(
                        $crate::config::Setting {
                            name: stringify!($field),
                            docs: &[$($doc),+],
                            kind: <$type as $crate::config::setting::SettingType>::KIND,
                            value: $crate::config::setting::SettingType::written(&self.$field),
                        },
                    )+],
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn a_text_is_written_so_that_toml_reads_it_back() {
        assert_eq!(quote("a\"b\\c\nd\u{1}"), r#""a\"b\\c\nd\u0001""#);
    }
}
