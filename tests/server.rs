//! A small HTTP/1.1 server on the loopback interface: it answers by a script and records what it is asked.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// A server that lives as long as the runtime of the test that started it.
pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct State {
    script: VecDeque<Reply>,
    /// What is answered once the script is over.
    last: Reply,
    requests: Vec<Request>,
    connections: usize,
    flooded: u64,
}

impl Server {
    /// Starts a server that answers one request after the other by the script; the last reply counts for all further
    /// requests too.
    pub(crate) async fn start(script: impl IntoIterator<Item = Reply>) -> Self {
        let script: VecDeque<Reply> = script.into_iter().collect();
        let last = script.back().cloned().expect("a script has a reply");
        let state = State { script, last, requests: Vec::new(), connections: 0, flooded: 0 };
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the loopback interface has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { address, state }
    }

    /// The base URL of the server.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Host and port of the server.
    pub(crate) fn authority(&self) -> String {
        self.address.to_string()
    }

    /// The requests so far, in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<Request> {
        lock(&self.state).requests.clone()
    }

    /// The only request so far.
    pub(crate) fn request(&self) -> Request {
        match <[Request; 1]>::try_from(self.requests()) {
            Ok([request]) => request,
            Err(requests) => panic!("one request was expected, not {}: {requests:#?}", requests.len()),
        }
    }

    /// The number of bytes that replies sent besides what they hold.
    pub(crate) fn flooded(&self) -> u64 {
        lock(&self.state).flooded
    }

    /// The number of connections so far.
    pub(crate) fn connections(&self) -> usize {
        lock(&self.state).connections
    }
}

/// An address that refuses connections: the socket has the port, so that no other test gets it, and does not listen.
pub(crate) fn refusing() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("the loopback interface has a free port");
    let address = socket.local_addr().expect("a bound socket has an address");
    (socket, address)
}

/// The lock is held for single statements, so that no panic leaves anything half done behind.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        lock(&state).connections += 1;
        tokio::spawn(serve(stream, Arc::clone(&state)));
    }
}

/// Serves one connection until an answer or the client ends it. That a client goes away early is no error: many tests
/// are about that, and what the server got is seen in its records.
async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut received).await? {
        let reply = {
            let mut state = lock(&state);
            state.requests.push(request);
            state.script.pop_front().unwrap_or_else(|| state.last.clone())
        };
        for piece in &reply.pieces {
            stream.write_all(piece).await?;
            stream.flush().await?;
        }
        tokio::time::sleep(reply.pause).await;
        match reply.then {
            Then::NextRequest => {}
            Then::Close => return Ok(()),
            // What is not read yet is lost, and the client is told so.
            Then::Reset => return stream.set_zero_linger(),
            Then::Flood(bytes) => {
                let piece = vec![b' '; 1 << 20];
                for _ in 0..bytes >> 20 {
                    stream.write_all(&piece).await?;
                    lock(&state).flooded += piece.len() as u64;
                }
                return Ok(());
            }
            Then::Stall => {
                // Ends when the client has closed its side.
                tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Reads one request; what was received behind it stays in `received`. `None` when there is no further one.
async fn read_request(stream: &mut TcpStream, received: &mut Vec<u8>) -> io::Result<Option<Request>> {
    const END_OF_HEAD: &[u8] = b"\r\n\r\n";
    let head = loop {
        if let Some(at) = received.windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD) {
            let rest = received.split_off(at + END_OF_HEAD.len());
            break std::mem::replace(received, rest);
        }
        if stream.read_buf(received).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8(head).map_err(io::Error::other)?;
    let mut request = Request { head, body: Vec::new() };
    let length = request.header("content-length").map_or(Ok(0), str::parse).map_err(io::Error::other)?;
    while received.len() < length {
        if stream.read_buf(received).await? == 0 {
            return Ok(None);
        }
    }
    let rest = received.split_off(length);
    request.body = std::mem::replace(received, rest);
    Ok(Some(request))
}

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// Request line and headers, byte for byte.
    pub(crate) fn head(&self) -> &str {
        &self.head
    }

    /// The body, byte for byte.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The request line.
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// The values of the headers `name`.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let headers = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        headers.filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }

    /// The value of the first header `name`.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers(name).first().copied()
    }
}

/// What is sent for one request, and what becomes of the connection.
#[derive(Clone)]
pub(crate) struct Reply {
    /// Each piece is a write of its own.
    pieces: Vec<Vec<u8>>,
    /// How long the connection is left alone then.
    pause: Duration,
    then: Then,
}

#[derive(Clone, Copy)]
enum Then {
    NextRequest,
    Close,
    Reset,
    Stall,
    Flood(u64),
}

impl Reply {
    /// A whole response.
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut head = format!("HTTP/1.1 {status} Status of the test\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        // A response with this status has no body, and says nothing about its length (RFC 9110, section 8.6).
        if status != 204 {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        Self::raw([[format!("{head}\r\n").as_bytes(), body].concat()])
    }

    /// A response with a JSON text as its body.
    pub(crate) fn json(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::new(status, &[("content-type", "application/json")], body)
    }

    /// A redirect.
    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self::new(status, &[("location", location)], "")
    }

    /// A response whose body comes in chunks (RFC 9112, section 7.1), each in a write of its own.
    pub(crate) fn chunked<'b>(media_type: &str, chunks: impl IntoIterator<Item = &'b [u8]>) -> Self {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ntransfer-encoding: chunked\r\n\r\n");
        let chunk = |chunk: &[u8]| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        let chunks = chunks.into_iter().map(chunk);
        Self::raw(std::iter::once(head.into()).chain(chunks).chain([b"0\r\n\r\n".to_vec()]))
    }

    /// Bytes that need not be a response.
    pub(crate) fn raw(pieces: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let pieces = pieces.into_iter().map(Into::into).collect();
        Self { pieces, pause: Duration::ZERO, then: Then::NextRequest }
    }

    /// No answer at all.
    pub(crate) fn nothing() -> Self {
        Self::raw([[0; 0]])
    }

    /// Closes the connection after what is sent.
    pub(crate) fn closing(self) -> Self {
        Self { then: Then::Close, ..self }
    }

    /// Leaves the client the time to read what is sent.
    pub(crate) fn pausing(self) -> Self {
        Self { pause: Duration::from_millis(100), ..self }
    }

    /// Breaks the connection off after what is sent.
    pub(crate) fn resetting(self) -> Self {
        Self { then: Then::Reset, ..self }
    }

    /// Sends so many bytes after what is sent, of which none is kept.
    pub(crate) fn flooding(self, bytes: u64) -> Self {
        Self { then: Then::Flood(bytes), ..self }
    }

    /// Keeps the connection open after what is sent, and never sends anything again.
    pub(crate) fn stalling(self) -> Self {
        Self { then: Then::Stall, ..self }
    }
}
