//! Decodes and encodes three payloads with the generated types and with serde's derives on the same shapes.
//!
//! The derived types are closed and keep nothing that they do not know, so that they do less than the generated ones.

mod derived;
mod payloads;

use divan::{Bencher, black_box, counter::BytesCount};

fn main() {
    divan::main();
}

macro_rules! benches {
    ($($client:ident: $generated:ty, $derived:ty, $payload:expr;)*) => {$(
        mod $client {
            use super::*;

            #[divan::bench]
            fn decode_generated(bencher: Bencher<'_, '_>) {
                let text = $payload;
                bencher
                    .counter(BytesCount::of_slice(&text))
                    .bench(|| ::$client::from_json::<Vec<$generated>>(black_box(&text)).expect("the payload decodes"));
            }

            #[divan::bench]
            fn decode_derived(bencher: Bencher<'_, '_>) {
                let text = $payload;
                bencher
                    .counter(BytesCount::of_slice(&text))
                    .bench(|| serde_json::from_slice::<Vec<$derived>>(black_box(&text)).expect("the payload decodes"));
            }

            #[divan::bench]
            fn encode_generated(bencher: Bencher<'_, '_>) {
                let text = $payload;
                let value = ::$client::from_json::<Vec<$generated>>(&text).expect("the payload decodes");
                bencher.counter(BytesCount::of_slice(&text)).bench(|| ::$client::to_json(black_box(&value)));
            }

            #[divan::bench]
            fn encode_derived(bencher: Bencher<'_, '_>) {
                let text = $payload;
                let value: Vec<$derived> = serde_json::from_slice(&text).expect("the payload decodes");
                bencher
                    .counter(BytesCount::of_slice(&text))
                    .bench(|| serde_json::to_vec(black_box(&value)).expect("the value is JSON"));
            }
        }
    )*};
}

benches! {
    plain: ::plain::types::Order, derived::Order, payloads::plain();
    tagged: ::tagged::types::Flow, derived::Flow, payloads::tagged();
    untagged: ::untagged::types::Message, derived::Message, payloads::untagged();
}
