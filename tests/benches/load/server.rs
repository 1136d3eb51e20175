//! The server of the benchmark: it reads heads of requests and answers each with the same list.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// How many secrets are in the list.
pub(crate) const SECRETS: usize = 5;

const SECRET: &str = r#"{"type":"stored","secret_id":"sec_6f1c0b7e","name":"calendar","used_by":{"tools":[{"type":
"available","id":"tool_1","name":"book","created_at_unix_secs":1735689600,"access_level":"admin"}],"agents":[],
"others":["pronunciation_dictionaries"],"phone_numbers":[]}}"#;

/// A server with a thread of its own.
pub(crate) struct Server {
    url: String,
    answered: Arc<AtomicUsize>,
    /// The thread ends with it.
    _runtime: Runtime,
}

impl Server {
    pub(crate) fn start() -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let answered = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&answered);
        runtime.spawn(async move {
            let answer: Arc<[u8]> = answer().into_bytes().into();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answer), Arc::clone(&count)));
            }
        });
        Self { url, answered, _runtime: runtime }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// The requests that were answered so far.
    pub(crate) fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }
}

fn answer() -> String {
    let body = format!(r#"{{"secrets":[{}]}}"#, [SECRET; SECRETS].join(","));
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Answers the requests of one connection, none of which has a body, until the client closes it.
async fn serve(mut stream: TcpStream, answer: Arc<[u8]>, count: Arc<AtomicUsize>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::new();
    while stream.read_buf(&mut received).await? > 0 {
        if received.ends_with(b"\r\n\r\n") {
            received.clear();
            count.fetch_add(1, Ordering::SeqCst);
            stream.write_all(&answer).await?;
        }
    }
    Ok(())
}
