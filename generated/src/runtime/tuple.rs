//! Tuples: arrays of which the document says what each of the first elements is.

use super::decode_error::DecodeError;
use super::encode::Encoder;
use super::json::Json;
use super::tape::{Entry, Node};

/// The elements behind those that a tuple names.
pub(crate) trait Tail {
    fn is_empty(&self) -> bool;

    /// Appends an element.
    ///
    /// # Errors
    ///
    /// When its value is none that may stand there.
    fn read(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError>;

    fn encode_elements<'a>(&'a self, encoder: &mut Encoder<'a>);
}

impl<T: Json> Tail for Vec<T> {
    fn is_empty(&self) -> bool {
        Vec::is_empty(self)
    }

    fn read(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        let mut value = T::blank();
        value.decode(node)?;
        self.push(value);
        Ok(())
    }

    fn encode_elements<'a>(&'a self, encoder: &mut Encoder<'a>) {
        for element in self {
            encoder.element();
            element.encode(encoder);
        }
    }
}

/// Reads the elements of an array into the fields of a tuple, of which the first `required` must be there.
///
/// # Errors
///
/// When the value is no array, is too short, or has an element that is not what its field can hold.
pub(crate) fn decode(
    node: Node<'_, '_>,
    required: usize,
    fields: &mut [&mut dyn Json],
    tail: &mut dyn Tail,
) -> Result<(), DecodeError> {
    let Entry::Array { len, .. } = node.entry() else { return Err(DecodeError::expected("an array", node)) };
    if (len as usize) < required {
        return Err(DecodeError::new("missing required element").inside_element(len as usize));
    }
    for (index, element) in node.elements().enumerate() {
        let read = match fields.get_mut(index) {
            Some(field) => field.decode(element),
            None => tail.read(element),
        };
        read.map_err(|error| error.inside_element(index))?;
    }
    Ok(())
}

/// Writes a tuple up to the last element that is there; `null` stands for one that is missing before it.
pub(crate) fn encode<'a>(required: usize, fields: &[&'a dyn Json], tail: &'a dyn Tail, encoder: &mut Encoder<'a>) {
    let last = fields.iter().rposition(|field| !field.is_absent()).map_or(0, |at| at + 1);
    let count = if tail.is_empty() { last.max(required) } else { fields.len() };
    encoder.open_array();
    for field in &fields[..count] {
        encoder.element();
        field.encode(encoder);
    }
    tail.encode_elements(encoder);
    encoder.close_array();
}

/// Implements reading and writing of a tuple: behind the type stands how many of the elements must be there, then the
/// fields by their numbers, and last the field for the elements behind them.
macro_rules! tuple {
    ($type:ident, $required:literal [$($field:tt),*] .. $tail:tt) => {
        impl $crate::runtime::json::Json for $type {
            fn blank() -> Self {
                Self { $($field: $crate::runtime::json::Json::blank(),)* $tail: Vec::new() }
            }

            fn shape() -> $crate::runtime::shape::Shape {
                $crate::runtime::shape::Shape::of($crate::runtime::shape::Kinds::ARRAY)
            }

            fn decode(
                &mut self,
                node: $crate::runtime::tape::Node<'_, '_>,
            ) -> Result<(), $crate::runtime::decode_error::DecodeError> {
                $crate::runtime::tuple::decode(node, $required, &mut [$(&mut self.$field),*], &mut self.$tail)
            }

            fn encode<'a>(&'a self, encoder: &mut $crate::runtime::encode::Encoder<'a>) {
                $crate::runtime::tuple::encode($required, &[$(&self.$field),*], &self.$tail, encoder);
            }
        }

        $crate::runtime::traits::std_traits!($type);
        $crate::runtime::traits::serde_traits!($type);
    };
}

pub(crate) use tuple;
