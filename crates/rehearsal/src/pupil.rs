//! A synthetic pupil: she does what the sitting page does, and remembers what she was told is saved.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::paper::{self, Paper};
use crate::wire::{Line, Lost};

/// How a pupil comes in.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where she looks before the bell, if she may.
    pub lobby: Option<String>,
    /// Where she begins.
    pub begin: String,
    /// Who she is.
    pub header: (HeaderName, HeaderValue),
    /// What the beginning asks for beside the clock.
    pub body: Map<String, Value>,
    /// Where her result is, with `{}` for the attempt; by the receipt where she has no account.
    pub result: Option<String>,
}

/// What a pupil answers to an item: her number, the item's, its shape and what is asked.
pub type Choose = Arc<dyn Fn(u64, u16, &scoring::Shape, &Value) -> Value + Send + Sync>;

/// Papers that were opened, by where they are: all pupils have the same.
#[derive(Clone, Default)]
pub struct Papers(Arc<Mutex<BTreeMap<String, Arc<Paper>>>>);

/// What went wrong for a pupil.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PupilError {
    /// No answer.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// The server did not take an answer.
    #[error("an answer was refused: {0}")]
    Refused(String),
    /// She asked before she began.
    #[error("has not begun")]
    NotBegun,
    /// What was handed in is not what she answered.
    #[error("handed in {answered} answers ({digest}), and answered others")]
    NotWhatWasAnswered {
        /// How many the receipt tells of.
        answered: usize,
        /// Its name for them.
        digest: String,
    },
}

/// A synthetic pupil.
pub struct Pupil {
    number: u64,
    entry: Entry,
    line: Line,
    sealed: Option<(String, Bytes)>,
    sat: Option<Sat>,
}

struct Sat {
    attempt: String,
    token: (HeaderName, HeaderValue),
    paper: Arc<Paper>,
    sequence: i64,
    next: usize,
    unsent: Vec<Value>,
    /// How many she was told are saved; she sends them in their order.
    acknowledged: i64,
    /// What she chose last, by item.
    chosen: BTreeMap<u16, String>,
    code: String,
}

#[derive(Deserialize)]
struct Lobby {
    paper: Place,
}

#[derive(Deserialize)]
struct Place {
    url: String,
}

#[derive(Deserialize)]
struct Begun {
    attempt_id: String,
    token: String,
    paper: Place,
    seal_key: String,
    answers: Vec<Given>,
}

#[derive(Deserialize)]
struct Given {
    item: u16,
    response: Value,
}

#[derive(Deserialize)]
struct Outcome {
    refused: Vec<Value>,
}

#[derive(Deserialize)]
struct Receipt {
    answered: usize,
    digest: String,
    code: String,
}

/// This machine's clock: the pupil's own, not the server's.
#[expect(clippy::disallowed_methods, reason = "outside the server, whose clock is not hers")]
fn micros() -> i64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl Pupil {
    /// The `number`th pupil, at her own line.
    pub fn new(number: u64, entry: Entry, line: Line) -> Self {
        Self { number, entry, line, sealed: None, sat: None }
    }

    /// Before the bell: the lobby and the sealed paper.
    ///
    /// # Errors
    /// [`Lost`].
    pub async fn load(&mut self) -> Result<(), Lost> {
        let Some(lobby) = &self.entry.lobby else { return Ok(()) };
        let lobby: Lobby = self.line.json(Method::GET, lobby, Some(&self.entry.header), Bytes::new()).await?;
        self.fetch(lobby.paper.url).await
    }

    async fn fetch(&mut self, url: String) -> Result<(), Lost> {
        if self.sealed.as_ref().is_some_and(|(known, _)| *known == url) {
            return Ok(());
        }
        let (status, bytes) = self.line.ask(Method::GET, &url, None, Bytes::new()).await?;
        if status != StatusCode::OK {
            return Err(Lost::Refused(status));
        }
        self.sealed = Some((url, bytes));
        Ok(())
    }

    /// Begins, or goes on. Asked to wait by a full server, she waits as the page does.
    ///
    /// # Errors
    /// [`PupilError`].
    pub async fn begin(&mut self, papers: &Papers) -> Result<(), PupilError> {
        let mut body = self.entry.body.clone();
        let begun: Begun = loop {
            body.insert("sent_at".to_owned(), json!(micros()));
            let text = Bytes::from(Value::Object(body.clone()).to_string());
            match self.line.json(Method::POST, &self.entry.begin, Some(&self.entry.header), text).await {
                Err(Lost::Refused(StatusCode::SERVICE_UNAVAILABLE)) => {
                    tokio::time::sleep(Duration::from_millis(1000 + self.number % 1000)).await
                }
                begun => break begun?,
            }
        };
        self.fetch(begun.paper.url.clone()).await?;
        let key = STANDARD.decode(&begun.seal_key).map_err(|error| Lost::Answer(error.to_string()))?;
        let sealed = self.sealed.as_ref().map(|(_, bytes)| bytes.clone()).unwrap_or_default();
        let paper = papers.get(&begun.paper.url, &sealed, &key)?;
        let token = HeaderValue::try_from(format!("Bearer {}", begun.token)).map_err(|error| Lost::Answer(error.to_string()))?;
        let chosen = begun.answers.into_iter().map(|given| (given.item, given.response.to_string())).collect();
        self.sat = Some(Sat {
            attempt: begun.attempt_id,
            token: (header::AUTHORIZATION, token),
            paper,
            sequence: 0,
            next: 0,
            unsent: Vec::new(),
            acknowledged: 0,
            chosen,
            code: String::new(),
        });
        // The page forgets the sealed bytes once it has opened them.
        self.sealed = None;
        Ok(())
    }

    /// Items of her paper that can be answered.
    pub fn item_count(&self) -> usize {
        self.sat.as_ref().map_or(0, |sat| sat.paper.items.len())
    }

    /// Answers the next item, round and round, and sends whatever was not acknowledged yet.
    ///
    /// # Errors
    /// [`PupilError`]; what was not acknowledged is sent with the next.
    pub async fn answer(&mut self, choose: &Choose) -> Result<(), PupilError> {
        let sat = self.sat.as_mut().ok_or(PupilError::NotBegun)?;
        let now = micros();
        for _ in 0..sat.paper.items.len() {
            let at = sat.next % sat.paper.items.len();
            sat.next += 1;
            let Some((item, asked)) = u16::try_from(at).ok().zip(sat.paper.items.get(at)) else { continue };
            let response = choose(self.number, item, &asked.shape, &asked.question);
            if response.is_null() {
                continue;
            }
            sat.sequence += 1;
            sat.chosen.insert(item, response.to_string());
            sat.unsent.push(json!({ "sequence": sat.sequence, "item": item, "at": now, "response": response }));
            break;
        }
        self.send().await
    }

    /// Sends what was not acknowledged yet.
    ///
    /// # Errors
    /// [`PupilError`].
    pub async fn send(&mut self) -> Result<(), PupilError> {
        let sat = self.sat.as_mut().ok_or(PupilError::NotBegun)?;
        // As many as the server takes at once.
        let sent = sat.unsent.len().min(100);
        let body = json!({ "sent_at": micros(), "answers": sat.unsent.get(..sent), "events": [] });
        let outcome: Outcome =
            self.line.json(Method::POST, "/api/sitting/answers", Some(&sat.token), Bytes::from(body.to_string())).await?;
        sat.unsent.drain(..sent);
        sat.acknowledged += i64::try_from(sent).unwrap_or(0);
        match outcome.refused.first() {
            Some(refused) => Err(PupilError::Refused(refused["because"].as_str().unwrap_or_default().to_owned())),
            None => Ok(()),
        }
    }

    /// Sends the photos that her answers name. False when they name none.
    ///
    /// # Errors
    /// [`PupilError`].
    pub async fn send_photos(&mut self) -> Result<bool, PupilError> {
        let sat = self.sat.as_ref().ok_or(PupilError::NotBegun)?;
        let photographed: Vec<u16> =
            sat.chosen.iter().filter(|(_, response)| response.starts_with("{\"w\":")).map(|(item, _)| *item).collect();
        for item in &photographed {
            let photo = paper::photo(self.number, *item);
            let path = format!("/api/sitting/photos/{}", paper::name_of(&photo));
            let (status, _) = self.line.ask(Method::PUT, &path, Some(&sat.token), photo).await?;
            if !status.is_success() {
                return Err(Lost::Refused(status).into());
            }
        }
        Ok(!photographed.is_empty())
    }

    /// Whether her paper has something that is worked out on paper and photographed.
    pub fn photographs(&self) -> bool {
        let asked = |item: &paper::Item| matches!(item.shape, scoring::Shape::Essay { by } if by != scoring::EssayRule::Typed);
        self.sat.as_ref().is_some_and(|sat| sat.paper.items.iter().any(asked))
    }

    /// Hands in. The receipt names what was handed in: it must be what she answered, all of it and no more.
    ///
    /// # Errors
    /// [`PupilError`].
    pub async fn hand_in(&mut self) -> Result<(), PupilError> {
        while self.sat.as_ref().is_some_and(|sat| !sat.unsent.is_empty()) {
            self.send().await?;
        }
        let sat = self.sat.as_mut().ok_or(PupilError::NotBegun)?;
        let receipt: Receipt = self.line.json(Method::POST, "/api/sitting/hand-in", Some(&sat.token), Bytes::new()).await?;
        let mut digest = Sha256::new();
        for (item, response) in &sat.chosen {
            digest.update(format!("{item}:{response}\n"));
        }
        let own = hex::encode(digest.finalize().get(..8).unwrap_or_default());
        if receipt.digest != own || receipt.answered != sat.chosen.len() {
            return Err(PupilError::NotWhatWasAnswered { answered: receipt.answered, digest: receipt.digest });
        }
        sat.code = receipt.code;
        Ok(())
    }

    /// Her result, as far as it is released.
    ///
    /// # Errors
    /// [`PupilError`].
    pub async fn result(&mut self) -> Result<Value, PupilError> {
        let sat = self.sat.as_ref().ok_or(PupilError::NotBegun)?;
        Ok(match &self.entry.result {
            Some(path) => self.line.json(Method::GET, &path.replace("{}", &sat.attempt), Some(&self.entry.header), Bytes::new()).await?,
            None => {
                let body = json!({ "attempt_id": sat.attempt, "code": sat.code }).to_string();
                self.line.json(Method::POST, "/api/test-receipts", None, Bytes::from(body)).await?
            }
        })
    }

    /// Her attempt, once she has begun, and how many answers she was told are saved.
    pub fn acknowledged(&self) -> Option<(&str, i64)> {
        self.sat.as_ref().map(|sat| (sat.attempt.as_str(), sat.acknowledged))
    }

    /// Her number.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl Papers {
    fn get(&self, url: &str, sealed: &[u8], key: &[u8]) -> Result<Arc<Paper>, Lost> {
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(paper) = known.get(url) {
            return Ok(Arc::clone(paper));
        }
        let paper = Arc::new(paper::open(sealed, key)?);
        known.insert(url.to_owned(), Arc::clone(&paper));
        Ok(paper)
    }
}
