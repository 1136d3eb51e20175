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
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $(
                #[doc = concat!("`", $value, "`")]
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

        impl From<&str> for $type {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::$other(other.to_owned()),
                }
            }
        }

        impl From<String> for $type {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::runtime::decode::Decode for $type {
            const SHAPE: $crate::runtime::shape::Shape = $crate::runtime::shape::Shape::texts(Self::VALUES);

            fn decode(
                node: $crate::runtime::tape::Node<'_, '_>,
            ) -> Result<Self, $crate::runtime::decode::DecodeError> {
                $crate::runtime::decode::text(node).map(Self::from)
            }
        }

        impl $crate::runtime::encode::Encode for $type {
            fn encode<'a>(&'a self, tape: &mut $crate::runtime::tape::Tape<'a>) {
                self.as_str().encode(tape);
            }
        }

        $crate::runtime::serde_bridge::serde_bridge!($type);
    };
}

pub(crate) use string_enum;
