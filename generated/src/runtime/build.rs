//! Building values: constructors and setters of the types that requests hold.

/// Implements the constructor of an object, with what it asks for in parentheses, and setters for the fields of
/// properties that need not be there.
macro_rules! build {
    ($type:ident () $fields:tt) => {
        impl Default for $type {
            fn default() -> Self {
                Self::new()
            }
        }

        $crate::runtime::build::build!($type [] $fields);
    };
    ($type:ident ($($required:tt)+) $fields:tt) => {
        $crate::runtime::build::build!($type [$($required)+] $fields);
    };
    (
        $type:ident [$($required:ident: $argument:ty),*] {
            $(
                $(#[$attribute:meta])*
                $presence:ident $field:ident: $property:ty =
                    $name:literal $(as $escaped:literal)?: $($kind:ident)|+ $($into:ident)?,
            )*
            ..$extra:ident $(: $other:ty)?
        }
    ) => {
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

            $($crate::runtime::build::setter!($presence $field: $property $(, $into)?);)*
        }
    };
}

pub(crate) use build;

/// The setter of a property that need not be there.
macro_rules! setter {
    (Required $field:ident: $property:ty $(, into)?) => {};
    (Optional $field:ident: $property:ty) => {
        $crate::runtime::build::setter!(Some $field: $property);
    };
    (Optional $field:ident: $property:ty, into) => {
        $crate::runtime::build::setter!(Some $field: impl Into<$property>);
    };
    (Nullable $field:ident: $property:ty $(, into)?) => {
        $crate::runtime::build::setter!(From::from $field: impl Into<$crate::runtime::nullable::Nullable<$property>>);
    };
    ($($wrapper:ident)::+ $field:ident: $argument:ty) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](#structfield.", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, $field: $argument) -> Self {
            self.$field = $($wrapper)::+($field.into());
            self
        }
    };
}

pub(crate) use setter;
