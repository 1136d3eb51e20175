//! Objects: what a generated struct says of its properties, in one table, becomes its decoding and encoding.

/// Implements decoding and encoding of a struct.
///
/// In brackets stand the constants: the associated constant, the property, and its kind. In braces stand the fields:
/// whether the property is `required`, `optional` or `nullable`, the field, the property, and the kinds of
/// JSON values that it has. The field behind the type holds the other properties.
macro_rules! object {
    (
        $type:ident, $extra:ident
        [$($constant:ident = $constant_name:literal: $constant_kind:ident),* $(,)?]
        {$($presence:ident $field:ident = $name:literal: $($kind:ident)|+),* $(,)?}
    ) => {
        impl $crate::runtime::decode::Decode for $type {
            const SHAPE: $crate::runtime::shape::Shape = $crate::runtime::shape::Shape::object(&[
                $($crate::runtime::shape::Member::constant(
                    $constant_name,
                    $crate::runtime::shape::Constant::$constant_kind(Self::$constant),
                ),)*
                $($crate::runtime::shape::Member::$presence(
                    $name,
                    $crate::runtime::shape::Kinds::NONE$(.or($crate::runtime::shape::Kinds::$kind))+,
                ),)*
            ]);

            #[inline]
            fn decode(
                node: $crate::runtime::tape::Node<'_, '_>,
            ) -> Result<Self, $crate::runtime::decode::DecodeError> {
                const COUNT: usize = <$type as $crate::runtime::decode::Decode>::SHAPE.members().len();
                let mut slots = [0; COUNT];
                #[allow(unused_mut)]
                let mut object = $crate::runtime::decode::Object::read(
                    node,
                    <Self as $crate::runtime::decode::Decode>::SHAPE.members(),
                    &mut slots,
                )?;
                Ok(Self { $($field: object.$presence()?,)* $extra: object.extra()? })
            }
        }

        impl $crate::runtime::encode::Encode for $type {
            #[inline]
            fn encode<'a>(&'a self, tape: &mut $crate::runtime::tape::Tape<'a>) {
                #[allow(unused_mut)]
                let mut object = $crate::runtime::encode::ObjectEncoder::new(tape, &self.$extra);
                $(object.constant(
                    $constant_name,
                    &const { $crate::runtime::shape::Constant::$constant_kind(Self::$constant) },
                );)*
                $(object.$presence($name, &self.$field);)*
                object.end();
            }
        }

        $crate::runtime::serde_bridge::serde_bridge!($type);
    };
}

pub(crate) use object;
