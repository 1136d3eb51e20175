//! Reading and writing what holds other values: lists, maps, and what may be `null` or absent.

use super::decode_error::DecodeError;
use super::encode::Encoder;
use super::extra::Map;
use super::json::Json;
use super::nullable::Nullable;
use super::object::Member;
use super::shape::{Kinds, Shape};
use super::tape::{Entry, Node};

impl<T: Json> Json for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn shape() -> Shape {
        T::shape()
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        (**self).decode(node)
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        (**self).encode(encoder);
    }
}

/// `null` or a value; where the property need not be there, its absence or a value.
impl<T: Json> Json for Option<T> {
    fn blank() -> Self {
        None
    }

    fn shape() -> Shape {
        T::shape().or(Kinds::NULL)
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        if node.is_null() {
            return Ok(());
        }
        self.insert(T::blank()).decode(node)
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        match self {
            Some(value) => value.encode(encoder),
            None => encoder.null(),
        }
    }

    fn encode_member<'a>(&'a self, member: Member, encoder: &mut Encoder<'a>) {
        match self {
            Some(value) => value.encode_member(member, encoder),
            None if member.is_required() => encoder.null_member(member),
            None => {}
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Json> Json for Nullable<T> {
    fn blank() -> Self {
        Self::Absent
    }

    fn shape() -> Shape {
        T::shape().or(Kinds::NULL)
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        if node.is_null() {
            *self = Self::Null;
            return Ok(());
        }
        let mut value = T::blank();
        value.decode(node)?;
        *self = Self::Value(value);
        Ok(())
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        match self {
            Self::Value(value) => value.encode(encoder),
            Self::Absent | Self::Null => encoder.null(),
        }
    }

    fn encode_member<'a>(&'a self, member: Member, encoder: &mut Encoder<'a>) {
        match self {
            Self::Value(value) => value.encode_member(member, encoder),
            Self::Absent if !member.is_required() => {}
            Self::Absent | Self::Null => encoder.null_member(member),
        }
    }

    fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T: Json> Json for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn shape() -> Shape {
        Shape::of(Kinds::ARRAY)
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        let Entry::Array { len, .. } = node.entry() else { return Err(DecodeError::expected("an array", node)) };
        self.reserve_exact(len as usize);
        for (index, element) in node.elements().enumerate() {
            self.push(T::blank());
            if let Some(value) = self.last_mut() {
                value.decode(element).map_err(|error| error.inside_element(index))?;
            }
        }
        Ok(())
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encode_array(self, encoder);
    }
}

/// Writes the elements of an array.
pub(crate) fn encode_array<'a, T: Json>(elements: &'a [T], encoder: &mut Encoder<'a>) {
    encoder.open_array();
    for element in elements {
        encoder.element();
        element.encode(encoder);
    }
    encoder.close_array();
}

impl<T: Json> Json for Map<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn shape() -> Shape {
        Shape::of(Kinds::OBJECT)
    }

    fn decode(&mut self, node: Node<'_, '_>) -> Result<(), DecodeError> {
        let Entry::Object { len, .. } = node.entry() else { return Err(DecodeError::expected("an object", node)) };
        self.reserve(len as usize);
        for (name, node) in node.members() {
            let mut value = T::blank();
            value.decode(node).map_err(|error| error.inside(name))?;
            self.insert(name.to_owned(), value);
        }
        Ok(())
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.open_object("");
        for (name, value) in self {
            encoder.name(name);
            value.encode(encoder);
        }
        encoder.close_object();
    }
}
