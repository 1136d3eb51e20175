//! JSON, read as a type of the generated client and written again, is the same JSON.

use serde_json::{Map, Value, json};
use vault::types::{
    Access, AgentUse as Agent, Carrier, OtherUse, SecretList as Secrets, SecretUses as Uses, ToolUse as Tool,
};

/// A response with all that the document names.
fn full() -> Value {
    json!({"secrets": [
        {
            "type": "stored",
            "secret_id": "s1",
            "name": "n1",
            "used_by": {
                "tools": [available_tool(), {"type": "unknown"}],
                "agents": [
                    {
                        "type": "available",
                        "referenced_resource_ids": ["r1", "r2"],
                        "id": "a1",
                        "name": "agent",
                        "created_at_unix_secs": 1_700_000_001,
                        "access_level": "viewer"
                    },
                    {"type": "unknown", "referenced_resource_ids": []},
                    {"type": "unknown"}
                ],
                "others": ["login_webhook"],
                "phone_numbers": [
                    {"phone_number_id": "p1", "phone_number": "+1", "label": "l", "provider": "mobile"},
                    {"phone_number_id": "p2", "phone_number": "+2", "label": "", "provider": "sip_trunk"}
                ]
            }
        },
        {"type": "stored", "secret_id": "s2", "name": "", "used_by": {"tools": [], "agents": [], "others": []}}
    ]})
}

fn available_tool() -> Value {
    json!({
        "type": "available",
        "id": "t1",
        "name": "tool",
        "created_at_unix_secs": 1_700_000_000,
        "access_level": "admin"
    })
}

/// A response with one tool.
fn with_tool(tool: &Value) -> Value {
    json!({"secrets": [{
        "type": "stored",
        "secret_id": "s",
        "name": "n",
        "used_by": {"tools": [tool], "agents": [], "others": []}
    }]})
}

/// [`full`] with another value at the place `pointer` (RFC 6901), which is added when it is not there.
fn full_with(pointer: &str, value: Value) -> Value {
    let mut json = full();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = json.pointer_mut(parent).expect("the place exists");
    match parent {
        Value::Array(elements) => elements[name.parse::<usize>().expect("an index")] = value,
        parent => parent[name] = value,
    }
    json
}

fn full_without(pointer: &str) -> Value {
    let mut json = full();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = json.pointer_mut(parent).and_then(Value::as_object_mut).expect("the place exists");
    parent.remove(name).expect("the property is there");
    json
}

/// Reads and writes the JSON in every way that serde has; they agree, so that one result stands for all.
#[track_caller]
fn read_and_write(json: &Value) -> (Secrets, Value) {
    let text = serde_json::to_string(json).expect("JSON");
    let secrets: Secrets = serde_json::from_str(&text).expect("the type holds the value");
    assert_eq!(serde_json::from_value::<Secrets>(json.clone()).expect("the type holds the value"), secrets);
    assert_eq!(serde_json::from_slice::<Secrets>(text.as_bytes()).expect("the type holds the value"), secrets);
    assert_eq!(serde_json::from_reader::<_, Secrets>(text.as_bytes()).expect("the type holds the value"), secrets);

    let written = serde_json::to_value(&secrets).expect("the type can be written");
    let text = serde_json::to_string(&secrets).expect("the type can be written");
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), written);
    // What was written is read as the same value again.
    assert_eq!(serde_json::from_str::<Secrets>(&text).expect("the type holds what it wrote"), secrets);
    (secrets, written)
}

/// The value that the JSON is read as, which is written as the same JSON.
#[track_caller]
fn unchanged(json: &Value) -> Secrets {
    let (secrets, written) = read_and_write(json);
    assert_eq!(&written, json);
    secrets
}

/// What a tool is read and written as.
#[track_caller]
fn tool(json: &Value) -> (Tool, Value) {
    let (secrets, mut written) = read_and_write(&with_tool(json));
    let written = written.pointer_mut("/secrets/0/used_by/tools/0").expect("the tool is written").take();
    (secrets.secrets[0].used_by.tools[0].clone(), written)
}

/// The error, with its path, of a value that the type cannot hold.
#[track_caller]
fn error(json: &Value) -> String {
    let text = serde_json::to_string(json).expect("JSON");
    let of_text = serde_json::from_str::<Secrets>(&text).expect_err("the type cannot hold the value").to_string();
    let of_value = serde_json::from_value::<Secrets>(json.clone()).expect_err("the type cannot hold the value");
    assert!(of_text.starts_with(&of_value.to_string()), "{of_text} and {of_value}");
    of_text
}

#[test]
fn all_that_the_document_names_comes_back() {
    let secrets = unchanged(&full());
    let used_by = &secrets.secrets[0].used_by;
    let [Tool::Available(tool), Tool::Unknown(_)] = &used_by.tools[..] else { panic!("{:?}", used_by.tools) };
    assert_eq!((tool.id.as_str(), tool.created_at_unix_secs), ("t1", 1_700_000_000));
    assert_eq!(tool.access_level, Access::Admin);
    let [Agent::Available(agent), Agent::Unknown(emptied), Agent::Unknown(bare)] = &used_by.agents[..] else {
        panic!("{:?}", used_by.agents)
    };
    assert_eq!(agent.referenced_resource_ids.as_deref(), Some(&["r1".to_owned(), "r2".to_owned()][..]));
    assert_eq!(emptied.referenced_resource_ids, Some(Vec::new()));
    assert_eq!(bare.referenced_resource_ids, None);
    assert_eq!(used_by.others, [OtherUse::LoginWebhook]);
    let numbers = used_by.phone_numbers.as_ref().expect("there are phone numbers");
    assert_eq!(numbers[0].provider, Carrier::Mobile);
    assert_eq!(numbers[1].provider, Carrier::SipTrunk);
}

#[test]
fn no_secrets_come_back() {
    assert!(unchanged(&json!({"secrets": []})).secrets.is_empty());
}

#[test]
fn a_tool_without_type_gets_the_type_that_its_properties_say() {
    let mut json = available_tool();
    json.as_object_mut().expect("an object").shift_remove("type");
    let (read, written) = tool(&json);
    assert!(matches!(read, Tool::Available(_)), "{read:?}");
    assert_eq!(written, available_tool());
}

#[test]
fn a_tool_of_which_nothing_is_said_is_unknown() {
    let (read, written) = tool(&json!({}));
    assert!(matches!(read, Tool::Unknown(_)), "{read:?}");
    assert_eq!(written, json!({"type": "unknown"}));
}

#[test]
fn a_tool_without_type_that_is_not_complete_is_unknown_and_keeps_its_properties() {
    let (read, written) = tool(&json!({"id": "t", "name": "n"}));
    let Tool::Unknown(read) = read else { panic!("{read:?}") };
    assert_eq!(read.extra.get("id"), Some(&json!("t")));
    assert_eq!(written, json!({"type": "unknown", "id": "t", "name": "n"}));
}

#[test]
fn a_tool_of_a_new_type_is_kept_as_it_came() {
    let mut of_new_type = available_tool();
    of_new_type["type"] = json!("archived");
    let odd = [json!({"type": null}), json!({"type": 1}), json!("t1"), json!(null), json!([{}])];
    for json in [of_new_type, json!({"type": "archived", "by": {"at": [1.5, null]}})].into_iter().chain(odd) {
        let (read, written) = tool(&json);
        assert!(matches!(&read, Tool::Other(value) if *value == json), "{read:?}");
        assert_eq!(written, json);
    }
}

#[test]
fn an_unknown_tool_with_the_properties_of_an_available_one_stays_unknown() {
    let mut json = available_tool();
    json["type"] = json!("unknown");
    let (read, written) = tool(&json);
    assert!(matches!(read, Tool::Unknown(_)), "{read:?}");
    assert_eq!(written, json);
}

#[test]
fn values_that_an_enumeration_does_not_name_come_back() {
    let json = full_with("/secrets/0/used_by/tools/0/access_level", json!("owner"));
    let secrets = unchanged(&json);
    let Tool::Available(tool) = &secrets.secrets[0].used_by.tools[0] else { panic!("{secrets:?}") };
    assert_eq!(tool.access_level, Access::Other("owner".to_owned()));
    assert_eq!(tool.access_level.as_str(), "owner");

    let secrets = unchanged(&full_with("/secrets/0/used_by/others/0", json!("")));
    assert_eq!(secrets.secrets[0].used_by.others, [OtherUse::Other(String::new())]);

    let secrets = unchanged(&full_with("/secrets/0/used_by/phone_numbers/0/provider", json!("Mobile")));
    let numbers = secrets.secrets[0].used_by.phone_numbers.as_ref().expect("there are phone numbers");
    assert_eq!(numbers[0].provider, Carrier::Other("Mobile".to_owned()));
}

#[test]
fn properties_that_the_document_does_not_name_come_back_at_every_level() {
    let new = json!({"a": [1, -2, 3.25, 1e300, true, null, "é\u{0}\u{1f600}"], "": {}, "big": u64::MAX});
    let mut json = full();
    let objects = [
        "",
        "/secrets/0",
        "/secrets/0/used_by",
        "/secrets/0/used_by/tools/0",
        "/secrets/0/used_by/tools/1",
        "/secrets/0/used_by/agents/0",
        "/secrets/0/used_by/agents/1",
        "/secrets/0/used_by/phone_numbers/0",
    ];
    for object in objects {
        json.pointer_mut(object).expect("the place exists")["new"] = new.clone();
    }
    let secrets = unchanged(&json);
    assert_eq!(secrets.extra.get("new"), Some(&new));
    assert_eq!(secrets.secrets[0].extra.get("new"), Some(&new));
    assert_eq!(secrets.secrets[0].used_by.extra.get("new"), Some(&new));
    let Tool::Unknown(tool) = &secrets.secrets[0].used_by.tools[1] else { panic!("{secrets:?}") };
    assert_eq!(tool.extra.get("new"), Some(&new));
    assert!(secrets.secrets[1].extra.is_empty());
}

#[test]
fn another_value_of_a_constant_comes_back() {
    for value in [json!("revoked"), json!(null), json!({"a": 1})] {
        let secrets = unchanged(&full_with("/secrets/0/type", value.clone()));
        assert_eq!(secrets.secrets[0].extra.get("type"), Some(&value));
    }
    // The value that the document names is implied.
    let (secrets, written) = read_and_write(&full_without("/secrets/0/type"));
    assert!(secrets.secrets[0].extra.is_empty());
    assert_eq!(written, full());
}

#[test]
fn absent_and_empty_phone_numbers_stay_apart_and_null_is_absent() {
    let numbers = |secrets: &Secrets| secrets.secrets[0].used_by.phone_numbers.clone();
    let absent = full_without("/secrets/0/used_by/phone_numbers");
    assert_eq!(numbers(&unchanged(&absent)), None);
    assert_eq!(numbers(&unchanged(&full_with("/secrets/0/used_by/phone_numbers", json!([])))), Some(Vec::new()));
    let (secrets, written) = read_and_write(&full_with("/secrets/0/used_by/phone_numbers", Value::Null));
    assert_eq!(numbers(&secrets), None);
    assert_eq!(written, absent);
}

#[test]
fn times_outside_32_bits_come_back() {
    let pointer = "/secrets/0/used_by/tools/0/created_at_unix_secs";
    for seconds in [1_i64 << 31, 253_402_300_800, i64::MAX, 0, -1, i64::MIN] {
        let secrets = unchanged(&full_with(pointer, json!(seconds)));
        let Tool::Available(tool) = &secrets.secrets[0].used_by.tools[0] else { panic!("{secrets:?}") };
        assert_eq!(tool.created_at_unix_secs, seconds);
    }
}

#[test]
fn an_integer_may_be_written_as_a_float() {
    let pointer = "/secrets/0/used_by/tools/0/created_at_unix_secs";
    let (secrets, written) = read_and_write(&full_with(pointer, json!(1.7e9)));
    let Tool::Available(tool) = &secrets.secrets[0].used_by.tools[0] else { panic!("{secrets:?}") };
    assert_eq!(tool.created_at_unix_secs, 1_700_000_000);
    // The same number, written without a fraction.
    assert_eq!(written, full());

    for number in [json!(1.5), json!(1e19), json!(u64::MAX)] {
        let error = error(&full_with(pointer, number));
        assert!(error.starts_with("secrets[0].used_by.tools[0].created_at_unix_secs: expected an integer"), "{error}");
    }
}

#[test]
fn the_order_of_properties_does_not_matter() {
    let mut random = fastrand::Rng::with_seed(17);
    let json = full_with("/secrets/0/new", json!({"b": 1, "a": 2}));
    let expected = unchanged(&json);
    for _ in 0..100 {
        let shuffled = shuffled(&json, &mut random);
        // Maps are equal in any order, the texts are not.
        let text = serde_json::to_string(&shuffled).expect("JSON");
        assert_eq!(serde_json::from_str::<Secrets>(&text).expect("the type holds the value"), expected);
        assert_eq!(unchanged(&shuffled), expected);
    }
}

/// The same value with the members of every object in another order.
fn shuffled(json: &Value, random: &mut fastrand::Rng) -> Value {
    match json {
        Value::Array(elements) => elements.iter().map(|element| shuffled(element, random)).collect(),
        Value::Object(object) => {
            let mut members: Vec<_> =
                object.iter().map(|(name, value)| (name.clone(), shuffled(value, random))).collect();
            random.shuffle(&mut members);
            Value::Object(Map::from_iter(members))
        }
        other => other.clone(),
    }
}

#[test]
fn a_missing_property_is_an_error_with_its_path() {
    for (pointer, path) in [
        ("/secrets", "secrets"),
        ("/secrets/0/name", "secrets[0].name"),
        ("/secrets/1/secret_id", "secrets[1].secret_id"),
        ("/secrets/0/used_by", "secrets[0].used_by"),
        ("/secrets/0/used_by/tools", "secrets[0].used_by.tools"),
        ("/secrets/0/used_by/tools/0/name", "secrets[0].used_by.tools[0].name"),
        ("/secrets/0/used_by/agents/0/access_level", "secrets[0].used_by.agents[0].access_level"),
        ("/secrets/0/used_by/phone_numbers/1/label", "secrets[0].used_by.phone_numbers[1].label"),
    ] {
        let error = error(&full_without(pointer));
        assert!(error.starts_with(&format!("{path}: missing required property")), "{error}");
    }
}

#[test]
fn null_is_no_value_of_a_required_property() {
    let error = error(&full_with("/secrets/0/name", Value::Null));
    assert!(error.starts_with("secrets[0].name: expected a string, found null"), "{error}");
}

/// An array in arrays, `depth` deep.
fn nested(depth: usize) -> Value {
    (1..depth).fold(json!([]), |inner, _| Value::Array(vec![inner]))
}

#[test]
fn nesting_has_a_bound_and_never_exhausts_the_stack() {
    // The response is one level around the property.
    let response = |depth: usize| json!({"secrets": [], "new": nested(depth - 1)});
    unchanged(&response(127));
    for depth in [129, 1000] {
        let text = serde_json::to_string(&response(depth)).expect("JSON");
        serde_json::from_str::<Secrets>(&text).expect_err("too deep");
        let error = serde_json::from_value::<Secrets>(response(depth)).expect_err("too deep");
        assert!(error.to_string().contains("128"), "{error}");
    }
    let bottomless = format!(r#"{{"secrets": [], "new": {}"#, "[".repeat(1_000_000));
    serde_json::from_str::<Secrets>(&bottomless).expect_err("too deep");
}

#[test]
fn a_type_inside_of_others_can_be_read_by_itself() {
    let json = full()["secrets"][0]["used_by"].take();
    let used_by: Uses = serde_json::from_value(json.clone()).expect("the type holds the value");
    assert_eq!(serde_json::to_value(&used_by).expect("the type can be written"), json);
    let tool: Tool = serde_json::from_value(available_tool()).expect("the type holds the value");
    assert_eq!(used_by.tools[0], tool);
}
