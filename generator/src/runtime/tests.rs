//! The support code as a generated type uses it.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::decode::{Decode, DecodeError, Object, from_json};
use super::encode::ObjectEncoder;
use super::extra::Extra;
use super::nullable::Nullable;
use super::shape::{Constant, Kinds, Member, Shape};
use super::tape::Node;
use super::union::{self, Variant};

#[derive(Clone, Debug, PartialEq)]
struct Cat {
    name: String,
    lives: Option<i64>,
    owner: Nullable<String>,
    extra: Extra,
}

impl Cat {
    const MEMBERS: &'static [Member] = &[
        Member::constant("type", Constant::Text("cat")),
        Member::required("name", Kinds::STRING),
        Member::optional("lives", Kinds::INTEGER),
        Member::optional("owner", Kinds::STRING),
    ];
}

impl Decode for Cat {
    const SHAPE: Shape = Shape::object(Self::MEMBERS);

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        let mut slots = [0; 4];
        let object = Object::read(node, Self::MEMBERS, &mut slots)?;
        Ok(Self {
            name: object.required(1)?,
            lives: object.optional(2)?,
            owner: object.nullable(3)?,
            extra: object.extra()?,
        })
    }
}

impl Serialize for Cat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = ObjectEncoder::new(serializer, &self.extra)?;
        object.constant("type", "cat")?;
        object.required("name", &self.name)?;
        object.optional("lives", &self.lives)?;
        object.nullable("owner", &self.owner)?;
        object.end()
    }
}

super::serde_bridge::deserialize!(Cat);

fn round_trip(value: &Value) -> Value {
    let cat: Cat = from_json(value.to_string().as_bytes()).expect("a cat");
    assert_eq!(serde_json::from_value::<Cat>(value.clone()).expect("a cat"), cat, "by way of serde");
    serde_json::to_value(cat).expect("JSON")
}

#[test]
fn an_object_keeps_what_it_does_not_know() {
    let value = json!({"new": [1, {"a": null}], "type": "cat", "owner": null, "lives": 9, "name": "Tom"});
    assert_eq!(round_trip(&value), value);
}

#[test]
fn a_constant_comes_back_when_absent_and_stays_when_another() {
    assert_eq!(round_trip(&json!({"name": "Tom"})), json!({"type": "cat", "name": "Tom"}));
    for other in [json!("lion"), json!(null), json!({"a": 1})] {
        let value = json!({"type": other, "name": "Tom"});
        assert_eq!(round_trip(&value), value);
    }
}

#[test]
fn null_counts_as_absent_where_it_is_not_allowed() {
    assert_eq!(round_trip(&json!({"name": "Tom", "lives": null})), json!({"type": "cat", "name": "Tom"}));
}

#[test]
fn a_whole_number_is_an_integer_however_it_is_written() {
    let cat: Cat = from_json(br#"{"name": "Tom", "lives": 9.0}"#).expect("a cat");
    assert_eq!(cat.lives, Some(9));
    for no_integer in ["9.5", "1e30", "-9223372036854775809", "9223372036854775808", "true"] {
        let text = format!(r#"{{"name": "Tom", "lives": {no_integer}}}"#);
        let error = from_json::<Cat>(text.as_bytes()).expect_err(no_integer);
        assert_eq!(error.path(), "lives");
    }
}

#[test]
fn errors_name_the_path() {
    let error = from_json::<Vec<Cat>>(br#"[{"name": "Tom"}, {"type": "cat"}]"#).expect_err("no name");
    assert_eq!(error.to_string(), "[1].name: missing required property");
    let error = from_json::<Vec<Cat>>(br#"[{"name": 5}]"#).expect_err("no string");
    assert_eq!(error.to_string(), "[0].name: expected a string, found 5");
}

#[derive(Clone, Debug, PartialEq)]
enum Pet {
    Cat(Cat),
    Names(Vec<String>),
    Name(String),
    Other(Value),
}

const PETS: &[Variant<Pet>] = &[
    Variant { tags: &["cat"], shape: Cat::SHAPE, decode: |node| Decode::decode(node).map(Pet::Cat) },
    Variant { tags: &[], shape: Vec::<String>::SHAPE, decode: |node| Decode::decode(node).map(Pet::Names) },
    Variant { tags: &[], shape: String::SHAPE, decode: |node| Decode::decode(node).map(Pet::Name) },
];

impl Decode for Pet {
    const SHAPE: Shape = Shape::of(Kinds::ANY);

    fn decode(node: Node<'_, '_>) -> Result<Self, DecodeError> {
        Ok(union::tagged(node, "type", PETS)?.unwrap_or_else(|| Self::Other(node.to_value())))
    }
}

#[test]
fn a_union_finds_its_member() {
    let pet = |text: &str| from_json::<Pet>(text.as_bytes()).expect("a pet");
    assert!(matches!(pet(r#"{"type": "cat", "name": "Tom"}"#), Pet::Cat(_)));
    assert!(matches!(pet(r#"{"name": "Tom"}"#), Pet::Cat(_)), "without the tag, by the required property");
    assert!(matches!(pet(r#"{"type": "dog", "name": "Rex"}"#), Pet::Other(_)), "an unknown tag");
    assert!(matches!(pet(r#"{"type": null, "name": "Rex"}"#), Pet::Other(_)), "a tag of another kind");
    assert!(matches!(pet("{}"), Pet::Other(_)));
    assert!(matches!(pet(r#"["a"]"#), Pet::Names(_)));
    assert!(matches!(pet("[5]"), Pet::Other(_)), "fits at first sight only");
    assert!(matches!(pet(r#""Tom""#), Pet::Name(_)));
    let error = from_json::<Pet>(br#"{"type": "cat"}"#).expect_err("the tag decides");
    assert_eq!(error.path(), "name");
}
