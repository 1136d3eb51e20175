//! `cargo bench -p tests --bench load`: 20,000 calls ten times over, 200 of them at a time, through one generated
//! client, beside the same by `reqwest` and serde's derives as one would write it by hand, in one run: compare the
//! ratios, not the times.
//!
//! The two take short turns, since others may use the machine, and each turn is compared with the other's next to it.
//! What a call costs is the processor time of the thread that makes them all; the server has a thread of its own, and
//! counts what it is asked.

mod by_hand;
mod server;

use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use server::Server;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use vault::Client;

const CALLS: usize = 2_000;
const AT_ONCE: usize = 200;
const TURNS: usize = 100;

fn main() {
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (client, reqwest) = (with_client(server.url()), with_reqwest(server.url()));
    let (mut generated, mut by_hand) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let mut with_client = || generated.push(measure(&server, &runtime, &client));
        let mut with_reqwest = || by_hand.push(measure(&server, &runtime, &reqwest));
        if turn % 2 == 0 {
            with_client();
            with_reqwest();
        } else {
            with_reqwest();
            with_client();
        }
    }
    println!("{} calls each, {AT_ONCE} at once, none lost; medians of {TURNS} turns", CALLS * TURNS);
    print("generated client", &generated);
    print("reqwest and serde", &by_hand);
    let ratios = |of: fn(&Cost) -> f64| {
        let ratio = median(generated.iter().zip(&by_hand).map(|(one, other)| of(one) / of(other)));
        (ratio - 1.0) * 100.0
    };
    let (processor, elapsed) = (ratios(|cost| cost.processor.as_secs_f64()), ratios(|cost| cost.elapsed.as_secs_f64()));
    println!("more than by hand: {processor:+.1} % of processor time, {elapsed:+.1} % of time");
}

/// The call of the generated client.
fn with_client(url: String) -> impl AsyncFn() + Clone + 'static {
    let client = Client::builder().api_key(by_hand::KEY).base_url(url).build().expect("a client");
    async move || {
        let response = client.workspace().secrets().list().await.expect("a response");
        assert_eq!(response.secrets.len(), server::SECRETS);
    }
}

/// The same call by hand.
fn with_reqwest(url: String) -> impl AsyncFn() + Clone + 'static {
    let client = by_hand::Client::new(url);
    async move || {
        let response = client.secrets().await.expect("a response");
        assert_eq!(response.secrets.len(), server::SECRETS);
    }
}

/// What all calls of a turn took.
struct Cost {
    processor: Duration,
    elapsed: Duration,
}

/// Makes all calls on this thread; one that fails ends the run.
fn measure(server: &Server, runtime: &Runtime, call: &(impl AsyncFn() + Clone + 'static)) -> Cost {
    let before = server.answered();
    let local = tokio::task::LocalSet::new();
    let cost = local.block_on(runtime, async {
        let (processor, start) = (ThreadTime::now(), Instant::now());
        let mut tasks = JoinSet::new();
        for _ in 0..AT_ONCE {
            let call = call.clone();
            tasks.spawn_local(async move {
                for _ in 0..CALLS / AT_ONCE {
                    call().await;
                }
            });
        }
        assert_eq!(tasks.join_all().await.len(), AT_ONCE);
        Cost { processor: processor.elapsed(), elapsed: start.elapsed() }
    });
    assert_eq!(server.answered() - before, CALLS, "a call was lost or sent twice");
    cost
}

fn print(what: &str, costs: &[Cost]) {
    let of_a_call = |time: Duration| time.as_secs_f64() * 1e6 / CALLS as f64;
    let processor = median(costs.iter().map(|cost| of_a_call(cost.processor)));
    let rate = median(costs.iter().map(|cost| CALLS as f64 / cost.elapsed.as_secs_f64()));
    println!("{what:>17}: {processor:>6.1} µs of processor time a call, {rate:>7.0} calls a second");
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
