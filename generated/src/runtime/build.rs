//! Building values: constructors of the types that requests hold.

/// Implements the constructor of an object, with what it asks for in parentheses, and in other ones with what it asks
/// for besides of fields that need not be there; one that asks for nothing is the default.
macro_rules! new {
    ($type:ident ()) => {
        impl Default for $type {
            fn default() -> Self {
                Self::new()
            }
        }

        $crate::runtime::build::new!($type [] ());
    };
    ($type:ident ($($arguments:tt)+)) => {
        $crate::runtime::build::new!($type [$($arguments)+] ());
    };
    ($type:ident ($($arguments:tt)*) $asked:tt) => {
        $crate::runtime::build::new!($type [$($arguments)*] $asked);
    };
    ($type:ident [$($required:ident: $argument:ty),*] ($($asked:ident: $given:ty),*)) => {
        impl $type {
            /// A value with the properties that it must have.
            #[must_use]
            #[allow(clippy::too_many_arguments)]
            pub fn new($($required: $argument,)* $($asked: $given,)*) -> Self {
                Self {
                    $($required: $required.into(),)*
                    $($asked: Some($asked.into()),)*
                    ..$crate::runtime::json::Json::blank()
                }
            }
        }
    };
}

pub(crate) use new;
