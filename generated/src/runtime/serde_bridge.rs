//! The bridge from a type's own decoding and encoding to serde.

/// Implements serde's traits for a type that implements `Decode` and `Encode`.
macro_rules! serde_bridge {
    ($type:ty) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::runtime::decode::deserialize(deserializer)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::runtime::encode::serialize(self, serializer)
            }
        }
    };
}

pub(crate) use serde_bridge;
