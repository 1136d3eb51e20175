//! Building values: constructors of the types that requests hold.

/// Implements the constructor of an object, with what it asks for in parentheses; one that asks for nothing is the
/// default.
macro_rules! new {
    ($type:ident ()) => {
        impl Default for $type {
            fn default() -> Self {
                Self::new()
            }
        }

        $crate::runtime::build::new!($type []);
    };
    ($type:ident ($($arguments:tt)+)) => {
        $crate::runtime::build::new!($type [$($arguments)+]);
    };
    ($type:ident [$($required:ident: $argument:ty),*]) => {
        impl $type {
            /// A value with the properties that it must have.
            #[must_use]
            #[allow(clippy::too_many_arguments)]
            pub fn new($($required: $argument),*) -> Self {
                Self {
                    $($required: $required.into(),)*
                    ..$crate::runtime::json::Json::blank()
                }
            }
        }
    };
}

pub(crate) use new;
