//! Unions: finds the member of a `oneOf` or `anyOf` that a value belongs to.

use super::decode::DecodeError;
use super::shape::Shape;
use super::tape::Node;

/// A member of a union of type `U`.
pub(crate) struct Variant<U> {
    /// The values of the tag that stand for the member.
    pub(crate) tags: &'static [&'static str],
    /// What the values of the member look like.
    pub(crate) shape: Shape,
    /// Reads the member.
    pub(crate) decode: fn(Node<'_, '_>) -> Result<U, DecodeError>,
}

/// Reads a union, by its tag where it has one; `None` when the value fits no member.
///
/// # Errors
///
/// When the member that the tag names cannot hold the value.
pub(crate) fn find<U>(
    node: Node<'_, '_>,
    tag: Option<&str>,
    variants: &[Variant<U>],
) -> Result<Option<U>, DecodeError> {
    match tag {
        Some(tag) => tagged(node, tag, variants),
        None => Ok(untagged(node, variants)),
    }
}

/// Reads a union whose members are told apart by the property `tag`: the tag decides. A tag that no member has is
/// `None`; without a tag the members are told apart by what they look like.
///
/// # Errors
///
/// When the member that the tag names cannot hold the value.
fn tagged<U>(node: Node<'_, '_>, tag: &str, variants: &[Variant<U>]) -> Result<Option<U>, DecodeError> {
    let Some(value) = node.member(tag) else { return Ok(untagged(node, variants)) };
    let variant = value.text().and_then(|text| variants.iter().find(|variant| variant.tags.contains(&text)));
    variant.map(|variant| (variant.decode)(node)).transpose()
}

/// Reads a union whose members are told apart by what they look like: by the kind of the value, then by constants, by
/// required properties, by the number of known properties, and last by the order of the document. `None` when the value
/// fits no member.
fn untagged<U>(node: Node<'_, '_>, variants: &[Variant<U>]) -> Option<U> {
    let mut candidates: Vec<_> =
        variants.iter().filter_map(|variant| Some((variant.shape.rank(node)?, variant))).collect();
    // The sort is stable: what fits equally well stays in the document's order.
    candidates.sort_by(|(a, _), (b, _)| b.cmp(a));
    for (_, variant) in candidates {
        if let Ok(value) = (variant.decode)(node) {
            return Some(value);
        }
        // A member that fits at first sight and fails deeper down cost a walk through the value. Nested unions could
        // multiply such walks, so that their sum over a text is bounded.
        if !node.may_try_again() {
            return None;
        }
    }
    None
}

/// Implements decoding and encoding of a union.
///
/// Behind the type stands the variant for values that fit no member, and the property that tells the members apart,
/// where there is one. In braces stand the members: the variant, its type, the values of that property, and `from` when
/// the type is no other member's.
macro_rules! union {
    (
        $type:ident, $other:ident $(by $tag:literal)?
        {$($variant:ident($member:ty) = [$($value:literal),*] $($from:ident)?),* $(,)?}
    ) => {
        $($(impl From<$member> for $type {
            fn $from(member: $member) -> Self {
                Self::$variant(member)
            }
        })?)*

        impl $crate::runtime::decode::Decode for $type {
            const SHAPE: $crate::runtime::shape::Shape = $crate::runtime::shape::Shape::union(&[
                $(<$member as $crate::runtime::decode::Decode>::SHAPE),*
            ]);

            fn decode(
                node: $crate::runtime::tape::Node<'_, '_>,
            ) -> Result<Self, $crate::runtime::decode::DecodeError> {
                const VARIANTS: &[$crate::runtime::union::Variant<$type>] = &[
                    $($crate::runtime::union::Variant {
                        tags: &[$($value),*],
                        shape: <$member as $crate::runtime::decode::Decode>::SHAPE,
                        decode: |node| $crate::runtime::decode::Decode::decode(node).map($type::$variant),
                    }),*
                ];
                let found = $crate::runtime::union::find(node, None $(.or(Some($tag)))?, VARIANTS)?;
                Ok(found.unwrap_or_else(|| Self::$other(node.to_value())))
            }
        }

        impl $crate::runtime::encode::Encode for $type {
            fn encode<'a>(&'a self, tape: &mut $crate::runtime::tape::Tape<'a>) {
                match self {
                    $(Self::$variant(value) => $crate::runtime::encode::Encode::encode(value, tape),)*
                    Self::$other(value) => $crate::runtime::encode::Encode::encode(value, tape),
                }
            }
        }

        $crate::runtime::serde_bridge::serde_bridge!($type);
    };
}

pub(crate) use union;
