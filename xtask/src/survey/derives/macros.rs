//! The tables of the generated types as serde's derives read and write them; written into a crate by the survey.
//!
//! What the derives cannot do is left out: constants, tags, other values of scalar enumerations, constructors.

pub mod extra {
    pub type Map<T> = indexmap::IndexMap<String, T>;
    pub type Extra<T = serde_json::Value> = Map<T>;
}

pub mod nullable {
    pub type Nullable<T> = Option<Option<T>>;
}

pub mod object {
    macro_rules! object {
        (
            $(#[$attribute:meta])*
            pub struct $type:ident $([$($constants:tt)*])? {
                $(
                    $(#[$field_attribute:meta])*
                    $field:ident: $field_type:ty = $name:literal: $($bit:ident)|+,
                )*
                ..$extra:ident $(: $other:ty)? $(| $kind:ident)?
            }
            $(new $arguments:tt $(asked $asked:tt)?)?
            $(set $setters:tt)?
            $(set_nullable $nullable_setters:tt)?
        ) => {
            $(#[$attribute])*
            #[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
            pub struct $type {
                $(
                    $(#[$field_attribute])*
                    #[serde(rename = $name)]
                    pub $field: $field_type,
                )*
                #[serde(flatten)]
                pub $extra: $crate::runtime::extra::Extra<$($other)?>,
            }
        };
    }

    pub(crate) use object;
}

pub mod union {
    macro_rules! union {
        (
            $(#[$attribute:meta])*
            pub enum $type:ident
            $(or $null:ident)?
            $(by $tag:literal $(and $shared:ident)? $(else $default:literal)? $(| $unfit:ident)?)?
            {
                $(
                    $(#[$variant_attribute:meta])*
                    $number:literal $variant:ident($member:ty) = [$($value:literal),*] $(from $($source:ty)|+)?,
                )*
                ..$other:ident
            }
        ) => {
            $(#[$attribute])*
            #[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
            #[serde(untagged)]
            pub enum $type {
                $($(#[$variant_attribute])* $variant($member),)*
                $other(serde_json::Value),
            }
        };
    }

    pub(crate) use union;
}

pub mod string_enum {
    macro_rules! string_enum {
        (
            $(#[$attribute:meta])*
            pub enum $type:ident {
                $($(#[$variant_attribute:meta])* $variant:ident = $value:literal,)*
                ..$other:ident
            }
        ) => {
            $(#[$attribute])*
            #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
            pub enum $type {
                $($(#[$variant_attribute])* #[serde(rename = $value)] $variant,)*
                #[serde(untagged)]
                $other(String),
            }
        };
    }

    pub(crate) use string_enum;
}

pub mod scalar_enum {
    macro_rules! scalar_enum {
        (
            $(#[$attribute:meta])*
            pub enum $type:ident [$($kinds:ident)|+] {
                $($(#[$variant_attribute:meta])* $variant:ident = $value:literal: $kind:ident,)*
                ..$other:ident
            }
        ) => {
            $(#[$attribute])*
            #[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
            #[serde(untagged)]
            pub enum $type {
                $other(serde_json::Value),
            }
        };
    }

    pub(crate) use scalar_enum;
}

pub mod tuple {
    macro_rules! tuple {
        ($($table:tt)*) => {};
    }

    pub(crate) use tuple;
}
