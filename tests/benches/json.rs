//! Decoding and encoding of the generated types beside serde's derives on the same shapes, in one run: compare the
//! ratios, not the times. `cargo bench -p tests`.
//!
//! The derived types are closed and keep nothing that they do not know, so that they do less than the generated ones.

use divan::{Bencher, black_box, counter::BytesCount};
use elevenlabs::types::GetWorkspaceSecretsResponseModel;
use serde_json::{Value, json};

fn main() {
    divan::main();
}

/// What serde derives for the same response.
mod derived {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub(super) struct Secrets<T> {
        pub(super) secrets: Vec<Secret<T>>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub(super) struct Secret<T> {
        pub(super) r#type: String,
        pub(super) secret_id: String,
        pub(super) name: String,
        pub(super) used_by: Dependencies<T>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub(super) struct Dependencies<T> {
        pub(super) tools: Vec<T>,
        pub(super) agents: Vec<T>,
        pub(super) others: Vec<Other>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(super) phone_numbers: Option<Vec<PhoneNumber>>,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    pub(super) enum Tagged {
        Available(Available),
        Unknown {},
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    pub(super) enum Untagged {
        Available(Available),
        Unknown { r#type: String },
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub(super) struct Available {
        pub(super) id: String,
        pub(super) name: String,
        pub(super) created_at_unix_secs: i64,
        pub(super) access_level: AccessLevel,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub(super) enum AccessLevel {
        Admin,
        Editor,
        Commenter,
        Viewer,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub(super) enum Other {
        ConversationInitiationWebhook,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    pub(super) struct PhoneNumber {
        pub(super) phone_number_id: String,
        pub(super) phone_number: String,
        pub(super) label: String,
        pub(super) provider: Provider,
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub(super) enum Provider {
        Twilio,
        SipTrunk,
    }
}

/// A large list of plain objects: secrets with phone numbers and no unions.
fn plain() -> Vec<u8> {
    let phone = |n: usize| {
        json!({
            "phone_number_id": format!("phnum_{n}"),
            "phone_number": "+15550100",
            "label": "Front desk",
            "provider": "twilio",
        })
    };
    payload(|n| {
        let phones: Vec<_> = (0..8).map(|i| phone(n * 8 + i)).collect();
        json!({"tools": [], "agents": [], "others": [], "phone_numbers": phones})
    })
}

/// A large list of unions.
fn unions() -> Vec<u8> {
    let item = |n: usize| match n % 4 {
        0 => json!({"type": "unknown"}),
        _ => json!({
            "type": "available",
            "id": format!("id_{n}"),
            "name": "A name",
            "created_at_unix_secs": 1_766_000_000 + n,
            "access_level": "editor",
        }),
    };
    let items = |n: usize| (0..8).map(|i| item(n + i)).collect::<Vec<_>>();
    payload(|n| json!({"tools": items(n), "agents": items(n), "others": ["conversation_initiation_webhook"]}))
}

/// A response with many secrets.
fn payload(used_by: impl Fn(usize) -> Value) -> Vec<u8> {
    let secret =
        |n: usize| json!({"type": "stored", "secret_id": format!("sec_{n}"), "name": "KEY", "used_by": used_by(n)});
    json!({"secrets": (0..500).map(secret).collect::<Vec<_>>()}).to_string().into_bytes()
}

fn decode<T: serde::de::DeserializeOwned>(bencher: Bencher<'_, '_>, text: &[u8]) {
    let parse = || serde_json::from_slice::<T>(black_box(text)).expect("the payload decodes");
    bencher.counter(BytesCount::of_slice(text)).bench(parse);
}

fn encode<T: serde::de::DeserializeOwned + serde::Serialize + Sync>(bencher: Bencher<'_, '_>, text: &[u8]) {
    let value: T = serde_json::from_slice(text).expect("the payload decodes");
    bencher.counter(BytesCount::of_slice(text)).bench(|| serde_json::to_vec(black_box(&value)).expect("JSON"));
}

type Generated = GetWorkspaceSecretsResponseModel;
type DerivedTagged = derived::Secrets<derived::Tagged>;
type DerivedUntagged = derived::Secrets<derived::Untagged>;

#[divan::bench(types = [Generated, DerivedTagged])]
fn decode_plain<T: serde::de::DeserializeOwned>(bencher: Bencher<'_, '_>) {
    decode::<T>(bencher, &plain());
}

#[divan::bench(types = [Generated, DerivedTagged, DerivedUntagged])]
fn decode_unions<T: serde::de::DeserializeOwned>(bencher: Bencher<'_, '_>) {
    decode::<T>(bencher, &unions());
}

#[divan::bench(types = [Generated, DerivedTagged])]
fn encode_plain<T: serde::de::DeserializeOwned + serde::Serialize + Sync>(bencher: Bencher<'_, '_>) {
    encode::<T>(bencher, &plain());
}

#[divan::bench(types = [Generated, DerivedTagged])]
fn encode_unions<T: serde::de::DeserializeOwned + serde::Serialize + Sync>(bencher: Bencher<'_, '_>) {
    encode::<T>(bencher, &unions());
}
