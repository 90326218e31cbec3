//! Connections over which tests are sat are looked at together.
//!
//! Thousands of devices that each save once in a while wake the server for each save, and what a processor does first
//! after it slept, it does slowly: an empty request costs three times as much at 300 a second as at 3,000. A device
//! waits for the acknowledgement anyway until its batch is on disk, and at the bell and at the end for its turn. So a
//! connection whose last request was of a sitting leaves the runtime's own epoll for one of ours, which is asked now and
//! then what has come meanwhile. The wait goes before the work, and the work is done for all of them at once. What else
//! is under way on such a connection (HTTP/2) is looked at as rarely until its next request.

use std::collections::HashMap;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream as Plain;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::extract::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use futures::task::AtomicWaker;
use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, EventData, EventFlags};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::coop::poll_proceed;
use tower::Layer as _;

/// Whether this is what thousands ask at about the same time while they sit a test, to ask again some time later. Short
/// requests: photos of work would come in slowly where one looks now and then.
fn sits(path: &str) -> bool {
    if let Some(of_device) = path.strip_prefix("/api/sitting/") {
        return matches!(of_device, "answers" | "hand-in");
    }
    if let Some(paper) = path.strip_prefix("/api/test-papers/") {
        // Sealed, before the bell; its pictures are at longer addresses.
        return paper.split('/').count() == 2;
    }
    let of_test = path.strip_prefix("/api/tests/").or_else(|| path.strip_prefix("/api/test-links/"));
    of_test.and_then(|rest| rest.split_once('/')).is_some_and(|(_, asked)| asked == "begin")
}

/// So many are worth a look.
const COMPANY: f64 = 16.0;
/// How long one waits for company while few come, and while many do.
const LONGEST: Duration = Duration::from_millis(50);
const SHORTEST: Duration = Duration::from_millis(2);
/// What one look tells of how many come.
const NEWEST_COUNTS: f64 = 0.2;
/// Told once of each that comes, and of what came before.
const TO_READ: EventFlags = EventFlags::IN.union(EventFlags::RDHUP).union(EventFlags::ET);
/// Events taken from the system at once.
const EVENTS: usize = 256;

/// Whether a test is sat over a connection, known to those who answer its requests and to its stream.
#[derive(Clone, Debug, Default)]
pub struct Use(Arc<AtomicBool>);

impl Use {
    /// A request for this path has come. As the last was, the next is likely to be.
    pub fn asked(&self, path: &str) {
        self.0.store(sits(path), Ordering::Relaxed);
    }

    fn sits(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Looks at the connections over which tests are sat. Ends with the runtime.
#[derive(Debug)]
pub struct Gatherer {
    epoll: OwnedFd,
    places: Mutex<HashMap<u64, Arc<Place>>>,
    next: AtomicU64,
    /// Somebody has come where nobody was.
    somebody: Notify,
}

/// A connection that is looked at.
#[derive(Debug, Default)]
struct Place {
    /// Something may have come since it was last read.
    readable: AtomicBool,
    /// Nothing more will come, or the line is broken: reading says which.
    over: AtomicBool,
    reader: AtomicWaker,
    writer: AtomicWaker,
}

impl Gatherer {
    /// Looks from now on.
    ///
    /// # Errors
    /// Where the system has no epoll left.
    pub fn start() -> io::Result<Arc<Self>> {
        let gatherer = Arc::new(Self {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            places: Mutex::default(),
            next: AtomicU64::default(),
            somebody: Notify::new(),
        });
        tokio::spawn(Arc::clone(&gatherer).go_round());
        Ok(gatherer)
    }

    /// Looks at what a listener accepts, below what else is done with it (TLS).
    pub fn below<A>(self: &Arc<Self>, then: A) -> Gathering<A> {
        Gathering { then, gatherer: Arc::clone(self) }
    }

    async fn go_round(self: Arc<Self>) {
        let (mut per_second, mut looked) = (0.0, Instant::now());
        loop {
            while self.places().is_empty() {
                self.somebody.notified().await;
            }
            tokio::time::sleep(wait_at(per_second)).await;
            let came = self.look();
            let now = Instant::now();
            let passed = now.duration_since(std::mem::replace(&mut looked, now));
            per_second += (came as f64 / passed.as_secs_f64().max(0.001) - per_second) * NEWEST_COUNTS;
        }
    }

    /// Wakes those for whom something has come; tells how many.
    fn look(&self) -> usize {
        let mut events = Vec::with_capacity(EVENTS);
        let mut came = 0;
        loop {
            events.clear();
            // Interrupted: the next look finds the same.
            if epoll::wait(&self.epoll, spare_capacity(&mut events), Some(&Timespec::default())).is_err() {
                return came;
            }
            // Those that are gone since are not found. Nobody is woken under the lock: who wakes may leave.
            let found: Vec<_> = {
                let places = self.places();
                events.iter().filter_map(|event| Some((Arc::clone(places.get(&event.data.u64())?), event.flags))).collect()
            };
            for (place, flags) in found {
                place.happened(flags);
            }
            came += events.len();
            if events.len() < EVENTS {
                return came;
            }
        }
    }

    fn places(&self) -> MutexGuard<'_, HashMap<u64, Arc<Place>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait before the next look while so many come a second.
fn wait_at(per_second: f64) -> Duration {
    Duration::from_secs_f64(COMPANY / per_second.max(1.0)).clamp(SHORTEST, LONGEST)
}

impl Place {
    fn happened(&self, flags: EventFlags) {
        let over = flags.intersects(EventFlags::RDHUP | EventFlags::HUP | EventFlags::ERR);
        if over {
            self.over.store(true, Ordering::Release);
        }
        if over || flags.contains(EventFlags::IN) {
            self.readable.store(true, Ordering::Release);
            self.reader.wake();
        }
        if flags.intersects(EventFlags::OUT | EventFlags::HUP | EventFlags::ERR) {
            self.writer.wake();
        }
    }

    fn is_readable(&self) -> bool {
        self.readable.load(Ordering::Acquire) || self.over.load(Ordering::Acquire)
    }
}

/// A connection with the gatherer.
#[derive(Debug)]
struct Gathered {
    socket: Plain,
    seat: Seat,
    /// Whether it is told of room to write.
    told_of_room: bool,
}

/// What the gatherer knows it by, for as long as it is there.
#[derive(Debug)]
struct Seat {
    id: u64,
    place: Arc<Place>,
    gatherer: Arc<Gatherer>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.gatherer.places().remove(&self.id);
    }
}

impl Gathered {
    fn new(socket: Plain, gatherer: &Arc<Gatherer>) -> io::Result<Self> {
        let id = gatherer.next.fetch_add(1, Ordering::Relaxed);
        let seat = Seat { id, place: Arc::default(), gatherer: Arc::clone(gatherer) };
        gatherer.places().insert(id, Arc::clone(&seat.place));
        gatherer.somebody.notify_one();
        epoll::add(&gatherer.epoll, &socket, EventData::new_u64(id), TO_READ)?;
        Ok(Self { socket, seat, told_of_room: false })
    }

    /// Gives the connection back to the runtime.
    fn release(self) -> io::Result<TcpStream> {
        epoll::delete(&self.seat.gatherer.epoll, &self.socket)?;
        TcpStream::from_std(self.socket)
    }

    fn poll_read(&self, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        // As the runtime's own sockets: who sends without end gives way to the others now and then.
        let budget = ready!(poll_proceed(cx));
        loop {
            if !self.seat.place.is_readable() {
                self.seat.place.reader.register(cx.waker());
                // It may have come between the two.
                if !self.seat.place.is_readable() {
                    return Poll::Pending;
                }
            }
            // Before reading: what comes after it says so anew.
            self.seat.place.readable.store(false, Ordering::Release);
            let room = into.remaining();
            match (&self.socket).read(into.initialize_unfilled()) {
                Ok(read) => {
                    if read == room {
                        self.seat.place.readable.store(true, Ordering::Release);
                    }
                    into.advance(read);
                    budget.made_progress();
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && !self.seat.place.over.load(Ordering::Acquire) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => self.seat.place.readable.store(true, Ordering::Release),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, write: impl Fn(&mut &Plain) -> io::Result<usize>) -> Poll<io::Result<usize>> {
        let budget = ready!(poll_proceed(cx));
        let mut registered = false;
        loop {
            match write(&mut &self.socket) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if registered {
                        return Poll::Pending;
                    }
                    // Room may have come between the two, of which nobody tells again.
                    self.seat.place.writer.register(cx.waker());
                    registered = true;
                    // Answers are short: few are ever told. Once only, since each change tells all that is so already, and
                    // a device that takes nothing would wake us with every look.
                    if !self.told_of_room {
                        let data = EventData::new_u64(self.seat.id);
                        epoll::modify(&self.seat.gatherer.epoll, &self.socket, data, TO_READ | EventFlags::OUT)?;
                        self.told_of_room = true;
                    }
                }
                done => {
                    budget.made_progress();
                    return Poll::Ready(done);
                }
            }
        }
    }
}

#[derive(Debug)]
enum Socket {
    /// Read as soon as something comes.
    Prompt(TcpStream),
    Gathered(Gathered),
    /// Changing hands, which failed.
    Lost,
}

/// A connection, looked at by the runtime or, while a test is sat over it, with others like it.
#[derive(Debug)]
pub struct Stream {
    socket: Socket,
    used: Use,
    gatherer: Arc<Gatherer>,
    /// Something waits to be written: it stays where that is known.
    writes: bool,
}

impl Stream {
    fn is_misplaced(&self) -> bool {
        let gathered = matches!(self.socket, Socket::Gathered(_));
        !self.writes && gathered != self.used.sits()
    }

    fn change_hands(&mut self) -> io::Result<()> {
        self.socket = match std::mem::replace(&mut self.socket, Socket::Lost) {
            Socket::Prompt(stream) => Socket::Gathered(Gathered::new(stream.into_std()?, &self.gatherer)?),
            Socket::Gathered(gathered) => Socket::Prompt(gathered.release()?),
            Socket::Lost => Socket::Lost,
        };
        Ok(())
    }

    fn poll_written(
        &mut self,
        cx: &mut Context<'_>,
        prompt: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<usize>>,
        gathered: impl Fn(&mut &Plain) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        let written = match &mut self.socket {
            Socket::Prompt(stream) => prompt(Pin::new(stream), cx),
            Socket::Gathered(connection) => connection.poll_write(cx, gathered),
            Socket::Lost => Poll::Ready(Err(lost())),
        };
        self.writes = written.is_pending();
        written
    }
}

fn lost() -> io::Error {
    io::ErrorKind::NotConnected.into()
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.is_misplaced() {
            self.change_hands()?;
        }
        match &mut self.socket {
            Socket::Prompt(stream) => Pin::new(stream).poll_read(cx, into),
            Socket::Gathered(connection) => connection.poll_read(cx, into),
            Socket::Lost => Poll::Ready(Err(lost())),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_written(cx, |stream, cx| stream.poll_write(cx, bytes), |socket| socket.write(bytes))
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.poll_written(cx, |stream, cx| stream.poll_write_vectored(cx, parts), |socket| socket.write_vectored(parts))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// Nothing is held back.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.socket {
            Socket::Prompt(stream) => Pin::new(stream).poll_shutdown(cx),
            Socket::Gathered(connection) => Poll::Ready(connection.socket.shutdown(std::net::Shutdown::Write)),
            Socket::Lost => Poll::Ready(Ok(())),
        }
    }
}

/// Accepts connections that may be gathered.
#[derive(Clone, Debug)]
pub struct Gathering<A> {
    then: A,
    gatherer: Arc<Gatherer>,
}

impl<A, S> Accept<TcpStream, S> for Gathering<A>
where
    A: Accept<Stream, AddExtension<S, Use>>,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = A::Future;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let used = Use::default();
        let service = Extension(used.clone()).layer(service);
        let stream = Stream { socket: Socket::Prompt(stream), used, gatherer: Arc::clone(&self.gatherer), writes: false };
        self.then.accept(stream, service)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may end at the first error")]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A connection of which we are asked, and the device at its other end.
    async fn connection(gatherer: &Arc<Gatherer>) -> (Stream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let device = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let socket = Socket::Prompt(listener.accept().await.unwrap().0);
        (Stream { socket, used: Use::default(), gatherer: Arc::clone(gatherer), writes: false }, device)
    }

    fn is_gathered(stream: &Stream) -> bool {
        matches!(stream.socket, Socket::Gathered(_))
    }

    const SAVE: &str = "/api/sitting/answers";

    #[test]
    fn what_is_gathered_is_what_thousands_ask_at_once_and_short() {
        let openapi = web::openapi();
        let gathered: Vec<_> = openapi.paths.paths.keys().filter(|path| sits(path)).collect();
        let of_devices = ["/api/sitting/answers", "/api/sitting/hand-in"];
        let of_tests = ["/api/test-links/{link}/begin", "/api/test-papers/{id}/{sha256}", "/api/tests/{id}/begin"];
        assert_eq!(gathered, [of_devices.as_slice(), &of_tests].concat());
    }

    #[test]
    fn one_waits_longer_for_company_while_few_come() {
        for (per_second, ms) in [(0.0, 50.0), (1.0, 50.0), (320.0, 50.0), (1000.0, 16.0), (4000.0, 4.0), (8000.0, 2.0), (50_000.0, 2.0)] {
            assert_eq!(wait_at(per_second), Duration::from_secs_f64(ms / 1000.0), "at {per_second}");
        }
    }

    #[tokio::test]
    async fn a_connection_is_gathered_while_a_test_is_sat_over_it_and_is_prompt_again_with_the_first_other_request() {
        let gatherer = Gatherer::start().unwrap();
        let (mut stream, mut device) = connection(&gatherer).await;
        let mut byte = [0];
        for (path, gathered) in [(SAVE, true), (SAVE, true), ("/api/sitting/messages", false), ("/api/me", false), (SAVE, true)] {
            stream.used.asked(path);
            device.write_all(b"x").await.unwrap();
            stream.read_exact(&mut byte).await.unwrap();
            assert_eq!(is_gathered(&stream), gathered, "{path}");
            assert_eq!(gatherer.places().len(), usize::from(gathered));
        }
        drop(stream);
        assert_eq!(gatherer.places().len(), 0);
        // The device hears that it is over: nobody else holds the connection.
        assert_eq!(device.read(&mut byte).await.unwrap(), 0);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_looks_at_it_all_bytes_come_in_their_order_and_so_does_the_end() {
        let gatherer = Gatherer::start().unwrap();
        let mut pairs = Vec::new();
        for _ in 0..8 {
            pairs.push(connection(&gatherer).await);
        }
        const PARTS: usize = 12;
        let length = |part: usize| 1 + part * part * 997 % 20_011;
        let tasks: Vec<_> = pairs
            .into_iter()
            .enumerate()
            .map(|(number, (mut stream, mut device))| {
                tokio::spawn(async move {
                    let sent: Vec<Vec<u8>> = (0..PARTS).map(|part| vec![(part + number) as u8; length(part)]).collect();
                    let expected = [sent.concat(), b"end".to_vec()].concat();
                    let speaking = tokio::spawn(async move {
                        for part in &sent {
                            device.write_all(part).await.unwrap();
                            // Answered, so that they come one by one as requests do.
                            device.read_exact(&mut [0; 3]).await.unwrap();
                        }
                        // The last word and the end of the line at once.
                        device.write_all(b"end").await.unwrap();
                    });
                    for part in 0..PARTS {
                        let mut came = vec![0; length(part)];
                        stream.read_exact(&mut came).await.unwrap();
                        assert_eq!(came, expected[(0..part).map(length).sum()..][..length(part)]);
                        // Changes hands every few parts.
                        match part % 5 {
                            1 => stream.used.asked(SAVE),
                            4 => stream.used.asked("/api/me"),
                            _ => {}
                        }
                        stream.write_all(b"ack").await.unwrap();
                    }
                    let mut rest = Vec::new();
                    stream.read_to_end(&mut rest).await.unwrap();
                    assert_eq!(rest, b"end");
                    assert!(is_gathered(&stream));
                    speaking.await.unwrap();
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(gatherer.places().len(), 0);
    }

    #[tokio::test]
    async fn a_long_answer_reaches_a_slow_device_whole() {
        const LENGTH: usize = 16 << 20;
        let gatherer = Gatherer::start().unwrap();
        let (mut stream, mut device) = connection(&gatherer).await;
        stream.used.asked(SAVE);
        device.write_all(b"x").await.unwrap();
        stream.read_exact(&mut [0]).await.unwrap();
        assert!(is_gathered(&stream));
        let answering = tokio::spawn(async move {
            // More than the system takes at once: it has to wait for the device. Meanwhile another request makes it one
            // that does not save.
            let (bytes, mut at, mut stream) = (vec![7; LENGTH], 0, Pin::new(&mut stream));
            poll_fn(|cx| {
                while at < LENGTH {
                    let Poll::Ready(written) = stream.as_mut().poll_write(cx, &bytes[at..]) else {
                        stream.used.asked("/api/me");
                        assert!(stream.as_mut().poll_read(cx, &mut ReadBuf::new(&mut [0])).is_pending());
                        return Poll::Pending;
                    };
                    at += written.unwrap();
                }
                Poll::Ready(())
            })
            .await;
            stream.shutdown().await.unwrap();
        });
        let mut came = Vec::new();
        device.read_to_end(&mut came).await.unwrap();
        answering.await.unwrap();
        assert!(came.len() == LENGTH && came.iter().all(|byte| *byte == 7));
    }
}
