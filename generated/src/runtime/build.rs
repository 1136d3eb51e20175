//! Building values: constructors and setters of the types that requests hold.

use super::nullable::Nullable;

/// Implements the constructor of a struct, with its required properties in parentheses, and setters for the others.
macro_rules! build {
    ($type:ident, $extra:ident () {$($optional:tt)*}) => {
        impl Default for $type {
            fn default() -> Self {
                Self::new()
            }
        }

        $crate::runtime::build::build!($type, $extra [] {$($optional)*});
    };
    ($type:ident, $extra:ident ($($required:tt)+) {$($optional:tt)*}) => {
        $crate::runtime::build::build!($type, $extra [$($required)+] {$($optional)*});
    };
    (
        $type:ident, $extra:ident [$($required:ident: $required_type:ty),* $(,)?]
        {$($presence:ident $field:ident: $field_type:ty),* $(,)?}
    ) => {
        impl $type {
            /// A value with the properties that it must have.
            #[must_use]
            #[allow(clippy::too_many_arguments)]
            pub fn new($($required: $required_type),*) -> Self {
                Self {
                    $($required: $required.into(),)*
                    $($field: Default::default(),)*
                    $extra: $crate::runtime::extra::Extra::new(),
                }
            }

            $(
                #[doc = concat!("Sets [`", stringify!($field), "`](#structfield.", stringify!($field), ").")]
                #[must_use]
                pub fn $field(mut self, $field: $field_type) -> Self {
                    self.$field = $crate::runtime::build::$presence($field.into());
                    self
                }
            )*
        }
    };
}

pub(crate) use build;

/// What the field of a property that may be absent holds once it is set.
pub(crate) fn optional<T>(value: T) -> Option<T> {
    Some(value)
}

/// What the field of a property that may be absent or `null` holds once it is set.
pub(crate) fn nullable<T>(value: Nullable<T>) -> Nullable<T> {
    value
}
