//! The payloads: what servers of the three documents would send.

use serde_json::{Value, json};

fn list(length: usize, element: impl Fn(usize) -> Value) -> Vec<u8> {
    Value::Array((0..length).map(element).collect()).to_string().into_bytes()
}

fn pick(n: usize, values: &[&'static str]) -> &'static str {
    values[n % values.len()]
}

pub fn plain() -> Vec<u8> {
    let address = |n: usize| {
        json!({
            "street": format!("{n} Harbour Road"),
            "city": "Kiel",
            "region": "SH",
            "postal_code": format!("{:05}", 24_000 + n % 999),
            "country": "DE",
        })
    };
    let line = |n: usize| {
        let sku = format!("SKU-{:06}", n * 7919 % 1_000_000);
        json!({"sku": sku, "name": "A thing \u{201c}with\u{201d} a name", "quantity": n % 9 + 1, "price": 19.95})
    };
    list(400, |n| {
        json!({
            "id": 100_000 + n,
            "number": format!("2026-{n:06}"),
            "status": pick(n, &["open", "paid", "shipped", "returned"]),
            "currency": "EUR",
            "total": 1234.5 + n as f64,
            "paid": n % 2 == 0,
            "customer": {"id": n, "name": "Ada Example", "email": format!("ada{n}@mail.example"), "phone": "+4943100"},
            "shipping": address(n),
            "billing": address(n + 1),
            "lines": (0..5).map(|i| line(n + i)).collect::<Vec<_>>(),
            "tags": ["new", "priority"],
            "note": null,
        })
    })
}

pub fn tagged() -> Vec<u8> {
    list(150, |n| json!({"id": format!("flow_{n}"), "name": "Greeting", "root": step(n, 4)}))
}

fn step(n: usize, depth: usize) -> Value {
    match (n % 4, depth) {
        (_, 0) | (2, _) => json!({"kind": "call", "target": "mailer", "name": format!("send_{n}"), "attempts": 3}),
        (3, _) if depth < 3 => json!({"kind": "wait", "seconds": 1.5}),
        (1, _) => json!({
            "kind": "branch",
            "condition": condition(n, 2),
            "then": step(n + 1, depth - 1),
            "otherwise": step(n + 3, depth - 1),
        }),
        _ => json!({"kind": "sequence", "steps": (0..3).map(|i| step(n + i, depth - 1)).collect::<Vec<_>>()}),
    }
}

fn condition(n: usize, depth: usize) -> Value {
    if depth == 0 {
        return json!({"op": "equals", "left": format!("user.field_{n}"), "right": "yes"});
    }
    json!({"op": "all", "of": [condition(n, depth - 1), condition(n + 1, depth - 1)]})
}

pub fn untagged() -> Vec<u8> {
    list(400, |n| {
        let content = if n % 3 == 0 { json!("A short question, as text") } else { parts(n, 2) };
        let metadata = json!({"turn": n, "score": 0.5, "final": true, "channel": "web"});
        let role = pick(n, &["user", "assistant"]);
        json!({"id": format!("msg_{n}"), "role": role, "content": content, "metadata": metadata})
    })
}

fn parts(n: usize, depth: usize) -> Value {
    let part = |i: usize| match i % 4 {
        0 if depth > 0 => json!({"tool": "search", "output": parts(i + 1, depth - 1)}),
        1 => json!({"url": format!("https://files.example/{i}.png"), "width": 640, "height": 480}),
        2 => json!({"file_id": format!("file_{i}"), "name": "notes.txt"}),
        _ => json!({"text": format!("The answer number {i} takes a sentence or two."), "language": "en"}),
    };
    Value::Array((n..n + 4).map(part).collect())
}
