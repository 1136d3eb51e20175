//! Enumerations of numbers, or of scalars of several kinds, open to values that the document does not name.

/// Defines an enumeration of scalars: a variant for each value, with its kind, and the last one for others.
macro_rules! scalar_enum {
    (
        $(#[$attribute:meta])*
        pub enum $type:ident [$($kinds:ident)|+] {
            $($(#[$variant_attribute:meta])* $variant:ident = $value:literal: $kind:ident,)*
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
            $other(serde_json::Value),
        }

        impl $type {
            /// The value as it is sent.
            #[must_use]
            pub fn to_value(&self) -> serde_json::Value {
                match self {
                    $(Self::$variant => $crate::runtime::shape::Constant::$kind($value).to_value(),)*
                    Self::$other(value) => value.clone(),
                }
            }
        }

        impl From<serde_json::Value> for $type {
            fn from(value: serde_json::Value) -> Self {
                $(if value == $crate::runtime::shape::Constant::$kind($value).to_value() {
                    return Self::$variant;
                })*
                Self::$other(value)
            }
        }

        impl From<i64> for $type {
            fn from(value: i64) -> Self {
                Self::from(serde_json::Value::from(value))
            }
        }

        impl From<f64> for $type {
            fn from(value: f64) -> Self {
                Self::from($crate::runtime::scalar_enum::number(value))
            }
        }

        impl From<&str> for $type {
            fn from(value: &str) -> Self {
                Self::from(serde_json::Value::from(value))
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.to_value() {
                    serde_json::Value::String(text) => f.pad(&text),
                    value => value.fmt(f),
                }
            }
        }

        impl $crate::runtime::json::Json for $type {
            fn blank() -> Self {
                Self::$other(serde_json::Value::Null)
            }

            fn shape() -> $crate::runtime::shape::Shape {
                $crate::runtime::shape::Shape::values(
                    $crate::runtime::shape::Kinds(0 $(| $crate::runtime::shape::Kinds::$kinds.0)+),
                    const { &[$($crate::runtime::shape::Constant::$kind($value)),*] },
                )
            }

            fn decode(
                &mut self,
                node: $crate::runtime::tape::Node<'_, '_>,
            ) -> Result<(), $crate::runtime::decode_error::DecodeError> {
                $(if $crate::runtime::shape::Constant::$kind($value).is(node) {
                    *self = Self::$variant;
                    return Ok(());
                })*
                *self = Self::$other(node.to_value());
                Ok(())
            }

            fn encode<'a>(&'a self, encoder: &mut $crate::runtime::encode::Encoder<'a>) {
                match self {
                    $(Self::$variant => {
                        encoder.constant(const { &$crate::runtime::shape::Constant::$kind($value) });
                    })*
                    Self::$other(value) => $crate::runtime::json::Json::encode(value, encoder),
                }
            }
        }

        $crate::runtime::traits::std_traits!($type);
        $crate::runtime::traits::serde_traits!($type);
    };
}

pub(crate) use scalar_enum;

/// A number as the document would name it: without a fraction as an integer.
pub(crate) fn number(value: f64) -> serde_json::Value {
    // Beyond these, integers have other neighbours than floats.
    if value.fract() == 0.0 && value.abs() < 9.0e15 { (value as i64).into() } else { value.into() }
}
