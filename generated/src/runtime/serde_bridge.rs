//! The bridge from a type's own decoding to serde.

/// Implements `Deserialize` for a type that implements `Decode`.
macro_rules! deserialize {
    ($type:ty) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::runtime::decode::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use deserialize;
