//! Enumerations of strings, open to values that the document does not name.

/// Implements what all such types have in common, for a type with `VALUES`, `as_str` and `From<&str>`.
macro_rules! string_enum {
    ($type:ty) => {
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

            fn decode(node: $crate::runtime::tape::Node<'_, '_>) -> Result<Self, $crate::runtime::decode::DecodeError> {
                $crate::runtime::decode::text(node).map(Self::from)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        $crate::runtime::serde_bridge::deserialize!($type);
    };
}

pub(crate) use string_enum;
