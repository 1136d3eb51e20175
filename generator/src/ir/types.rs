//! The types of the client: what they hold, and what is known of them.

use std::collections::HashSet;

use super::Docs;
use crate::diagnostic::Place;
use crate::names::Ident;

/// An index into [`Types`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(usize);

/// All named types, in the order in which they were found.
#[derive(Debug, Default)]
pub(crate) struct Types(Vec<TypeDef>);

impl TypeId {
    /// Its index among the types.
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

impl Types {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn push(&mut self, def: TypeDef) -> TypeId {
        self.0.push(def);
        TypeId(self.0.len() - 1)
    }

    pub(crate) fn get(&self, id: TypeId) -> &TypeDef {
        &self.0[id.0]
    }

    pub(crate) fn get_mut(&mut self, id: TypeId) -> &mut TypeDef {
        &mut self.0[id.0]
    }

    /// The type that a name stands for, when it is another name for a type of the API; else the type itself.
    pub(crate) fn home<'t>(&'t self, mut def: &'t TypeDef) -> &'t TypeDef {
        while let Shape::Alias(TypeRef::Named(id)) = def.shape {
            def = self.get(id);
        }
        def
    }

    /// Whether a type, by whatever name, is any JSON value, which `null` is one of.
    pub(crate) fn is_any(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Value => true,
            TypeRef::Named(id) => matches!(&self.get(*id).shape, Shape::Alias(ty) if self.is_any(ty)),
            _ => false,
        }
    }

    /// The named type that a use means, behind other names for it.
    pub(crate) fn aliased(&self, ty: &TypeRef) -> Option<TypeId> {
        let TypeRef::Named(id) = ty else { return None };
        match &self.get(*id).shape {
            Shape::Alias(ty) => self.aliased(ty),
            _ => Some(*id),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.0.iter().enumerate().map(|(index, def)| (TypeId(index), def))
    }

    /// Those that are generated.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &TypeDef> {
        self.0.iter().filter(|def| !def.facts.left_out)
    }
}

/// A named type.
#[derive(Debug)]
pub(crate) struct TypeDef {
    pub(crate) ident: Ident,
    /// The name of its module.
    pub(crate) module: Ident,
    pub(crate) docs: Docs,
    pub(crate) deprecated: bool,
    /// Whether the document describes it where it is used, and not as a component.
    pub(crate) inline: bool,
    pub(crate) shape: Shape,
    /// Where the document defines it.
    pub(crate) place: Place,
    pub(crate) facts: Facts,
}

/// What analysis finds out about a named type.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    /// Whether callers build values of the type, because a request can hold one.
    pub(crate) sent: bool,
    /// Whether servers send values of the type, because a response can hold one.
    pub(crate) received: bool,
    /// Whether callers set a property that has it and may be `null` as well.
    pub(crate) set_or_null: bool,
    /// Whether nothing that is generated needs it.
    pub(crate) left_out: bool,
}

/// What a named type is. This is the whole output language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// A type that is still being lowered; none is left afterwards.
    Pending,
    Struct(Struct),
    StringEnum(Enum<String>),
    ScalarEnum(Enum<Scalar>),
    Union(Union),
    Tuple(Tuple),
    /// Another name for a type.
    Alias(TypeRef),
    /// A type of the user's, by its path.
    Own(String),
}

impl Shape {
    /// The types that a type holds.
    pub(crate) fn held(&self) -> Vec<&TypeRef> {
        match self {
            Self::Struct(object) => object.fields().map(|field| &field.ty).chain([&object.extra]).collect(),
            Self::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Self::Tuple(tuple) => tuple.elements.iter().map(|element| &element.ty).chain([&tuple.rest]).collect(),
            Self::Alias(ty) => vec![ty],
            Self::StringEnum(_) | Self::ScalarEnum(_) | Self::Own(_) | Self::Pending => Vec::new(),
        }
    }

    /// The types that a type holds, to be changed.
    pub(crate) fn held_mut(&mut self) -> Vec<&mut TypeRef> {
        match self {
            Self::Struct(object) => {
                let fields = fields_mut(&mut object.members).map(|field| &mut field.ty);
                fields.chain([&mut object.extra]).collect()
            }
            Self::Union(union) => union.variants.iter_mut().map(|variant| &mut variant.ty).collect(),
            Self::Tuple(tuple) => {
                let elements = tuple.elements.iter_mut().map(|element| &mut element.ty);
                elements.chain([&mut tuple.rest]).collect()
            }
            Self::Alias(ty) => vec![ty],
            Self::StringEnum(_) | Self::ScalarEnum(_) | Self::Own(_) | Self::Pending => Vec::new(),
        }
    }
}

/// An object with named properties.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Struct {
    /// The properties in the document's order.
    pub(crate) members: Vec<Member>,
    /// The type of the properties that the document does not name.
    pub(crate) extra: TypeRef,
    /// The name of the field that holds them.
    pub(crate) extra_ident: Ident,
    /// Whether it keeps a value that is no object: nothing says that there is none.
    pub(crate) any_kind: bool,
}

impl Struct {
    /// The properties that are fields.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.members.iter().filter_map(|member| match member {
            Member::Field(field) => Some(field),
            Member::Constant(_) => None,
        })
    }

    /// The properties that are fields, to be changed.
    pub(crate) fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        fields_mut(&mut self.members)
    }
}

fn fields_mut(members: &mut [Member]) -> impl Iterator<Item = &mut Field> {
    members.iter_mut().filter_map(|member| match member {
        Member::Field(field) => Some(field),
        Member::Constant(_) => None,
    })
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Member {
    Field(Field),
    Constant(Constant),
}

/// A property that is a field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// The name of the property.
    pub(crate) wire: String,
    pub(crate) ty: TypeRef,
    pub(crate) presence: Presence,
    pub(crate) docs: Docs,
    pub(crate) deprecated: bool,
    /// Whether only the server sets it.
    pub(crate) read_only: bool,
    /// Whether the server never shows it.
    pub(crate) write_only: bool,
    /// Whether callers who build the value have to give it, though the server leaves it out.
    pub(crate) asked: bool,
}

/// Whether a property has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Presence {
    /// It must be there.
    Required,
    /// It may be absent.
    Optional,
    /// It may be absent, `null` or a value.
    OptionalNullable,
}

/// A property with one value: no field, but a constant of the type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Constant {
    pub(crate) ident: Ident,
    /// The name of the property.
    pub(crate) wire: String,
    pub(crate) value: Scalar,
    /// Whether it must be there.
    pub(crate) required: bool,
    pub(crate) docs: Docs,
}

/// A value that is no array and no object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scalar {
    Bool(bool),
    Integer(i64),
    /// A number with a fraction.
    Number(serde_json::Number),
    Text(String),
}

/// An enumeration, open to other values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Enum<V> {
    pub(crate) values: Vec<EnumValue<V>>,
    /// The name of the variant for other values.
    pub(crate) other: Ident,
}

/// A named value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EnumValue<V> {
    pub(crate) ident: Ident,
    pub(crate) value: V,
    pub(crate) docs: Docs,
}

/// One of several types, open to others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Union {
    /// The property that tells the members apart, where there is one.
    pub(crate) tag: Option<String>,
    /// The index of the variant for all values of it that stand for none, and for values without it.
    pub(crate) default: Option<usize>,
    /// Whether a value that the member cannot hold which the tag names is kept as it is, and no error.
    pub(crate) keeps_unfit: bool,
    pub(crate) variants: Vec<Variant>,
    /// The name of the variant for values that fit no member.
    pub(crate) other: Ident,
}

impl Union {
    /// One whose members nothing tells apart but what they look like.
    pub(crate) fn untagged(variants: Vec<Variant>, other: Ident) -> Self {
        Self { tag: None, default: None, keeps_unfit: false, variants, other }
    }

    /// Whether a value of the tag stands for several members, which their looks tell apart.
    pub(crate) fn shares_tags(&self) -> bool {
        let mut seen = HashSet::new();
        self.variants.iter().flat_map(|variant| &variant.tags).any(|tag| !seen.insert(tag))
    }
}

/// A member of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) ty: TypeRef,
    /// The values of the tag that stand for it.
    pub(crate) tags: Vec<String>,
    pub(crate) docs: Docs,
}

/// An array of which the document says what each of the first elements is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tuple {
    pub(crate) elements: Vec<Element>,
    /// The type of the elements behind those.
    pub(crate) rest: TypeRef,
}

/// One of the first elements of an array.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Element {
    pub(crate) ty: TypeRef,
    pub(crate) presence: Presence,
    pub(crate) docs: Docs,
}

/// A use of a type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TypeRef {
    Named(TypeId),
    Boxed(Box<TypeRef>),
    Primitive(Primitive),
    List(Box<TypeRef>),
    Map(Box<TypeRef>),
    /// `null` or a value.
    Nullable(Box<TypeRef>),
    /// Any JSON value.
    Value,
}

impl TypeRef {
    /// The named type at the end, which is the only one in a use.
    pub(crate) fn named(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::Boxed(inner) | Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.named(),
            Self::Primitive(_) | Self::Value => None,
        }
    }

    /// The same use of another named type.
    pub(crate) fn rename(&mut self, to: TypeId) {
        match self {
            Self::Named(id) => *id = to,
            Self::Boxed(inner) | Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.rename(to),
            Self::Primitive(_) | Self::Value => {}
        }
    }
}

/// A type of the language, or of the support code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Primitive {
    String,
    /// A point in time, by its text.
    DateTime,
    /// A day, by its text.
    Date,
    Bool,
    I32,
    U32,
    I64,
    U64,
    /// Both ranges of 64 bits.
    I128,
    F64,
}

impl Primitive {
    /// Whether it is read from any text, and made from one.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::String | Self::DateTime | Self::Date)
    }

    pub(crate) fn is_integer(self) -> bool {
        matches!(self, Self::I32 | Self::U32 | Self::I64 | Self::U64 | Self::I128)
    }
}
