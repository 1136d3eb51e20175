//! The support code as a generated type uses it.

use serde_json::{Value, json};

use super::json::{from_json, to_json};
use super::nullable::Nullable;
use super::object::object;
use super::scalar_enum::scalar_enum;
use super::union::union;

impl Cat {
    const TYPE: &'static str = "cat";
}

object! {
    /// A cat.
    pub struct Cat [TYPE = "type": Text | REQUIRED] {
        name: String = "name": REQUIRED | STRING,
        lives: Option<i64> = "lives": INTEGER,
        owner: Nullable<String> = "owner": NULLABLE | STRING,
        ..extra
    }
}

fn round_trip(value: &Value) -> Value {
    let cat: Cat = from_json(value.to_string().as_bytes()).expect("a cat");
    assert_eq!(serde_json::from_value::<Cat>(value.clone()).expect("a cat"), cat, "by way of serde");
    let written = serde_json::to_value(&cat).expect("JSON");
    let text = to_json(&cat);
    assert_eq!(serde_json::from_slice::<Value>(&text).expect("JSON"), written, "as a text");
    written
}

#[test]
fn an_object_keeps_what_it_does_not_know() {
    let value = json!({"new": [1, {"a": null}], "type": "cat", "owner": null, "lives": 9, "name": "Tom"});
    assert_eq!(round_trip(&value), value);
}

#[test]
fn names_and_texts_of_every_length_are_written_whole() {
    for len in 0..40 {
        let text = |first: char| (first..='~').cycle().filter(|sign| *sign != '\\').take(len).collect::<String>();
        let value =
            json!({"type": "cat", "name": text('a'), "owner": text('A'), format!("new{}", text('#')): text('"')});
        assert_eq!(round_trip(&value), value);
    }
}

#[test]
fn a_property_is_written_once() {
    let mut cat: Cat = from_json(br#"{"name": "Tom"}"#).expect("a cat");
    for name in ["name", "lives", "owner", "type"] {
        cat.extra.insert(name, json!(9));
    }
    assert_eq!(to_json(&cat), br#"{"name":"Tom","lives":9,"owner":9,"type":9}"#);
    cat.owner = Nullable::Null;
    assert_eq!(to_json(&cat), br#"{"name":"Tom","owner":null,"lives":9,"type":9}"#);
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

union! {
    /// A pet.
    pub enum Pet by "type" {
        0 Cat(Cat) = ["cat"],
        1 Names(Vec<String>) = [],
        2 Name(String) = [] from String | &str,
        ..Other
    }
}

union! {
    /// A pet in a house that keeps cats.
    pub enum HousePet by "type" else 0 {
        0 Cat(Cat) = ["cat"],
        1 Name(String) = [],
        ..Other
    }
}

#[test]
fn a_member_stands_for_all_other_values_of_a_tag() {
    let read = |text: &str| from_json::<HousePet>(text.as_bytes()).expect("a pet");
    for cat in [r#"{"type":"lion","name":"Leo"}"#, r#"{"name":"Tom"}"#] {
        assert!(matches!(read(cat), HousePet::Cat(_)), "{cat}");
    }
    // What it cannot hold is kept all the same.
    assert!(matches!(read(r#"{"type":"lion"}"#), HousePet::Other(_)));
    assert!(matches!(read(r#""Tom""#), HousePet::Name(_)));
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
    assert_eq!(pet(r#""Tom""#), Pet::from("Tom".to_owned()));
    assert_eq!(pet(r#""Tom""#), Pet::from("Tom"));
    let error = from_json::<Pet>(br#"{"type": "cat"}"#).expect_err("the tag decides");
    assert_eq!(error.path(), "name");
}

object! {
    /// A hen, whose eggs were counted or not.
    pub struct Hen {
        eggs: Option<i64> = "eggs": INTEGER,
        ..extra
    }
}

object! {
    /// A duck, whose eggs may be known to be unknown.
    pub struct Duck {
        eggs: Nullable<i64> = "eggs": NULLABLE | INTEGER,
        ..extra
    }
}

union! {
    /// A bird without anything that tells which.
    pub enum Bird {
        0 Hen(Hen) = [] from Hen,
        1 Duck(Duck) = [] from Duck,
        ..Other
    }
}

#[test]
fn a_member_that_keeps_null_fits_better_than_one_that_drops_it() {
    let bird = |text: &str| from_json::<Bird>(text.as_bytes()).expect("a bird");
    let duck = bird(r#"{"eggs": null}"#);
    assert!(matches!(duck, Bird::Duck(_)), "{duck:?}");
    assert_eq!(serde_json::to_value(&duck).expect("JSON"), json!({"eggs": null}));
    assert!(matches!(bird(r#"{"eggs": 9}"#), Bird::Hen(_)));
}

impl One {
    const LEGS: i64 = 1;
}

object! {
    /// What stands on one leg.
    pub struct One [LEGS = "legs": Integer] {
        ..extra
    }
}

object! {
    /// What stands on some legs.
    pub struct Several {
        legs: i64 = "legs": REQUIRED | INTEGER,
        ..extra
    }
}

union! {
    /// A thing, told apart by numbers.
    pub enum Thing by "legs" {
        0 Several(Several) = ["2", "-2", "true"],
        1 One(One) = ["1"],
        ..Other
    }
}

#[test]
fn a_tag_can_be_a_number() {
    let thing = |text: &str| from_json::<Thing>(text.as_bytes());
    assert!(matches!(thing(r#"{"legs": 1}"#), Ok(Thing::One(_))));
    assert!(matches!(thing(r#"{"legs": 2}"#), Ok(Thing::Several(_))));
    assert!(matches!(thing(r#"{"legs": -2}"#), Ok(Thing::Several(_))));
    assert!(matches!(thing(r#"{"legs": 3}"#), Ok(Thing::Several(_))), "no tag, and no constant against it");
    assert!(matches!(thing(r#"{"legs": "3"}"#), Ok(Thing::Other(_))), "a text is the tag or is not");
    let error = thing(r#"{"legs": true}"#).expect_err("the tag decides");
    assert_eq!(error.path(), "legs");
}

scalar_enum! {
    /// Some numbers.
    pub enum Low [INTEGER] {
        One = 1: Integer,
        Two = 2: Integer,
        ..Other
    }
}

scalar_enum! {
    /// Other numbers.
    pub enum High [INTEGER] {
        Three = 3: Integer,
        ..Other
    }
}

union! {
    /// A number by its value.
    pub enum Level {
        0 Low(Low) = [],
        1 High(High) = [],
        ..Other
    }
}

union! {
    /// A number by its kind.
    pub enum Amount {
        0 Number(f64) = [],
        1 Integer(i64) = [],
        ..Other
    }
}

#[test]
fn a_named_value_and_an_integer_find_the_member_that_has_them() {
    let level = |text: &str| from_json::<Level>(text.as_bytes()).expect("a level");
    assert!(matches!(level("2"), Level::Low(Low::Two)));
    assert!(matches!(level("3"), Level::High(High::Three)));
    assert!(matches!(level("4"), Level::Low(Low::Other(_))));
    let amount = |text: &str| from_json::<Amount>(text.as_bytes()).expect("an amount");
    assert!(matches!(amount("9007199254740993"), Amount::Integer(9_007_199_254_740_993)));
    assert!(matches!(amount("1.5"), Amount::Number(_)));
}

#[test]
fn a_nullable_value_is_made_of_what_its_type_is_made_of() {
    assert_eq!(Nullable::<String>::from("a"), Nullable::Value("a".to_owned()));
    assert_eq!(Nullable::<String>::from("a".to_owned()), Nullable::from("a"));
    assert_eq!(Nullable::<Pet>::from("Tom"), Nullable::Value(Pet::from("Tom")));
    assert_eq!(Nullable::<Box<Pet>>::from(Pet::from("Tom")), Nullable::Value(Box::new(Pet::from("Tom"))));
    assert_eq!(Nullable::<i64>::from(None), Nullable::Null);
}

object! {
    /// A nest, or whatever else the server calls one.
    pub struct Nest {
        eggs: Option<i64> = "eggs": INTEGER,
        ..extra | ANY
    }
}

#[test]
fn a_value_that_came_instead_of_an_object_is_kept() {
    for value in [json!(5), json!(null), json!([{"eggs": 1}]), json!("none"), json!({"eggs": 1, "new": true})] {
        let nest: Nest = from_json(value.to_string().as_bytes()).expect("a nest");
        assert_eq!(nest.extra.instead(), Some(&value).filter(|value| !value.is_object()));
        assert_eq!(serde_json::to_value(&nest).expect("JSON"), value);
        assert_eq!(nest.extra.len(), usize::from(value.is_object()));
    }
    let mut nest: Nest = from_json(b"5").expect("a nest");
    nest.extra.insert("new", json!(true));
    assert_eq!(serde_json::to_value(&nest).expect("JSON"), json!({"new": true}));
}

object! {
    /// How many eggs are where.
    pub struct Hunt {
        place: String = "place": REQUIRED | STRING,
        ..extra: i64
    }
}

#[test]
fn a_property_that_is_none_of_those_allowed_is_kept() {
    let value = json!({"place": "garden", "hedge": 3, "found_by": {"name": "Tom"}, "till": null});
    let hunt: Hunt = from_json(value.to_string().as_bytes()).expect("a hunt");
    assert_eq!(hunt.extra.iter().collect::<Vec<_>>(), [("hedge", &3)]);
    assert_eq!(hunt.extra.others().map(|(name, _)| name).collect::<Vec<_>>(), ["found_by", "till"]);
    assert_eq!(serde_json::to_value(&hunt).expect("JSON"), value);
    let mut mended = hunt;
    mended.extra.insert("till", 5);
    assert_eq!(mended.extra.remove("found_by"), None);
    let value = json!({"place": "garden", "hedge": 3, "till": 5});
    assert_eq!(serde_json::to_value(&mended).expect("JSON"), value);
}

impl Customer {
    const OBJECT: &'static str = "customer";
}

object! {
    /// A customer.
    pub struct Customer [OBJECT = "object": Text | REQUIRED] {
        id: String = "id": REQUIRED | STRING,
        created: i64 = "created": REQUIRED | INTEGER,
        ..extra
    }
}

impl DeletedCustomer {
    const OBJECT: &'static str = "customer";
    const DELETED: bool = true;
}

object! {
    /// One that is no more.
    pub struct DeletedCustomer [OBJECT = "object": Text, DELETED = "deleted": Bool | REQUIRED] {
        id: String = "id": REQUIRED | STRING,
        ..extra
    }
}

union! {
    /// A customer of some kind.
    pub enum AnyCustomer or null {
        0 Customer(Customer) = [] from Customer,
        1 Deleted(DeletedCustomer) = [] from DeletedCustomer,
        2 Id(String) = [] from String | &str,
        ..Other
    }
}

#[test]
fn a_member_whose_constant_is_missing_is_not_guessed() {
    let merged = json!({"id": "1", "object": "customer", "merged_into": "2"});
    let read = |value: &Value| from_json::<AnyCustomer>(value.to_string().as_bytes()).expect("any value");
    assert!(matches!(read(&merged), AnyCustomer::Other(value) if value == merged));
    let mut deleted = merged;
    deleted["deleted"] = json!(true);
    assert!(matches!(read(&deleted), AnyCustomer::Deleted(_)));
    deleted.as_object_mut().expect("an object").remove("object");
    assert!(matches!(read(&deleted), AnyCustomer::Deleted(_)), "that one need not be there");
}

impl Lion {
    const TYPE: &'static str = "lion";
}

object! {
    /// A lion.
    pub struct Lion [TYPE = "type": Text | REQUIRED] {
        name: String = "name": REQUIRED | STRING,
        pride: Option<i64> = "pride": INTEGER,
        ..extra
    }
}

union! {
    /// What purrs.
    pub enum Feline by "type" {
        0 Cat(Cat) = ["cat"],
        1 Lion(Lion) = ["lion"],
        ..Other
    }
}

#[test]
fn of_members_that_fit_alike_none_adds_the_tag_that_is_missing() {
    let feline = |text: &str| from_json::<Feline>(text.as_bytes()).expect("a feline");
    assert!(matches!(feline(r#"{"name": "Leo"}"#), Feline::Other(_)));
    assert!(matches!(feline(r#"{"name": "Leo", "pride": 5}"#), Feline::Lion(_)));
    assert!(matches!(feline(r#"{"name": "Leo", "type": "cat"}"#), Feline::Cat(_)));
}

#[test]
fn what_a_nullable_union_is_made_of_sets_it() {
    let set = |owner: Nullable<AnyCustomer>| owner.into_value();
    let customer: Customer = from_json(br#"{"id": "1", "object": "customer", "created": 1}"#).expect("a customer");
    assert!(matches!(set(customer.into()), Some(AnyCustomer::Customer(_))));
    assert!(matches!(set(String::from("1").into()), Some(AnyCustomer::Id(_))));
    assert!(matches!(set("1".into()), Some(AnyCustomer::Id(_))));
    assert_eq!(set(None.into()), None);
}
