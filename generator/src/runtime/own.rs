//! Types of the user's in place of those that the document describes.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::decode_error::DecodeError;
use super::encode::Encoder;
use super::json::Json;
use super::shape::{Kinds, Shape};
use super::tape::Node;

/// A value of a type from elsewhere, with the JSON that it was read from and is written as.
///
/// What the type cannot be read from costs nothing but the view: it stays as JSON.
#[derive(Clone)]
pub struct Own<T> {
    value: Option<T>,
    json: Value,
}

impl<T: Serialize> Own<T> {
    /// Holds a value.
    ///
    /// # Errors
    ///
    /// When the value is none that JSON has.
    pub fn new(value: T) -> Result<Self, serde_json::Error> {
        let json = serde_json::to_value(&value)?;
        Ok(Self { value: Some(value), json })
    }
}

impl<T> Own<T> {
    /// The value, unless the type cannot be read from what came.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The value for keeps, likewise.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        self.value
    }

    /// What came, or goes.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }
}

impl<T: DeserializeOwned> Json for Own<T> {
    fn blank() -> Self {
        Self { value: None, json: Value::Null }
    }

    fn shape() -> Shape {
        Shape::of(Kinds::ANY)
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        self.json = node.to_value();
        self.value = T::deserialize(&self.json).ok();
        Ok(())
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        self.json.encode(encoder);
    }
}

impl<T: DeserializeOwned> std::fmt::Debug for Own<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        super::debug::fmt(self, f)
    }
}

impl<T: DeserializeOwned> PartialEq for Own<T> {
    fn eq(&self, other: &Self) -> bool {
        super::traits::equal(self, other)
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::runtime::json::{from_json, to_json};

    #[test]
    fn what_was_read_is_what_is_written() {
        for (text, value) in [(r#""127.0.0.1""#, Some(IpAddr::from([127, 0, 0, 1]))), (r#"{"later":[1.5]}"#, None)] {
            let own: Own<IpAddr> = from_json(text.as_bytes()).expect("any value");
            assert_eq!(own.value(), value.as_ref());
            assert_eq!(to_json(&own), text.as_bytes());
        }
    }

    #[test]
    fn a_value_is_written_as_the_type_writes_it() {
        let own = Own::new(IpAddr::from([10, 0, 0, 1])).expect("a text");
        assert_eq!((own.json(), format!("{own:?}").as_str()), (&Value::from("10.0.0.1"), r#""10.0.0.1""#));
        assert!(own == from_json(br#""10.0.0.1""#).expect("the same"));
    }
}
