//! YAML as `serde_yaml` reads it, with integers beyond 64 bits, which its own value refuses, as the nearest numbers.

use std::fmt;

use serde::de::{Deserialize, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_yaml::{Mapping, Value};

/// Any value of YAML; tags vanish.
pub(super) struct Yaml(pub(super) Value);

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any).map(Self)
    }
}

struct Any;

/// The scalars, each of which becomes a value as it is.
macro_rules! scalars {
    ($($visit:ident: $type:ty => $convert:expr;)*) => {$(
        fn $visit<E>(self, value: $type) -> Result<Value, E> {
            Ok(Value::from($convert(value)))
        }
    )*};
}

impl<'de> Visitor<'de> for Any {
    type Value = Value;

    scalars! {
        visit_bool: bool => bool::from;
        visit_i64: i64 => i64::from;
        visit_u64: u64 => u64::from;
        visit_f64: f64 => f64::from;
        visit_i128: i128 => |value| value as f64;
        visit_u128: u128 => |value| value as f64;
        visit_str: &str => str::to_owned;
    }

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value of YAML")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut sequence = Vec::new();
        while let Some(Yaml(item)) = items.next_element()? {
            sequence.push(item);
        }
        Ok(Value::Sequence(sequence))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut mapping = Mapping::new();
        while let Some((Yaml(key), Yaml(value))) = members.next_entry()? {
            mapping.insert(key, value);
        }
        Ok(Value::Mapping(mapping))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_, value) = tagged.variant::<IgnoredAny>()?;
        value.newtype_variant::<Yaml>().map(|Yaml(value)| value)
    }
}
