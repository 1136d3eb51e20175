//! Enumerations of strings, open to values that the document does not name.

/// Defines an enumeration of strings: a variant for each value, and the last one for others.
macro_rules! string_enum {
    (
        $(#[$attribute:meta])*
        pub enum $type:ident {
            $($(#[$variant_attribute:meta])* $variant:ident = $value:literal,)*
            ..$other:ident
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum $type {
            $(
                // A paragraph of its own, above what is said of the value.
                #[doc = concat!("`` ", $value, " ``")]
                #[doc = ""]
                $(#[$variant_attribute])*
                $variant,
            )*
            /// A value that the API's document does not name.
            $other(String),
        }

        impl $type {
            /// The values that the API's document names.
            pub const VALUES: &'static [&'static str] = &[$($value),*];

            /// The value as it is sent.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::$other(value) => value,
                }
            }
        }

        // One for every kind of text, since each implementation costs the compiler of the crate.
        impl<T: AsRef<str>> From<T> for $type {
            fn from(value: T) -> Self {
                match value.as_ref() {
                    $($value => Self::$variant,)*
                    other => Self::$other(other.to_owned()),
                }
            }
        }

        impl std::str::FromStr for $type {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, std::convert::Infallible> {
                Ok(Self::from(value))
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $type {}

        impl std::hash::Hash for $type {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl $crate::runtime::json::Json for $type {
            fn blank() -> Self {
                Self::$other(String::new())
            }

            fn shape() -> $crate::runtime::shape::Shape {
                $crate::runtime::shape::Shape::texts(Self::VALUES)
            }

            fn decode(
                &mut self,
                node: $crate::runtime::tape::Node<'_, '_>,
            ) -> Result<(), $crate::runtime::decode_error::DecodeError> {
                *self = Self::from($crate::runtime::json::text(node)?);
                Ok(())
            }

            fn encode<'a>(&'a self, encoder: &mut $crate::runtime::encode::Encoder<'a>) {
                encoder.text(self.as_str());
            }
        }

        $crate::runtime::traits::serde_traits!($type);
    };
}

pub(crate) use string_enum;
