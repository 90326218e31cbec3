//! `lopmo library import`.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use content::library_import::{ImportReport, import as import_lines};
use identity::access::Caller;
use tempfile::TempPath;

use super::News;
use super::execute::Telling;
use crate::context::Context;

pub(super) async fn import(context: &Context, telling: &Telling, organisation: &str, input: Option<TempPath>) -> Result<(), String> {
    let read = Arc::new(AtomicU64::new(0));
    // Over the socket an empty file sends no bytes at all, and is not kept.
    let source: Box<dyn Read + Send> = match &input {
        Some(path) => Box::new(File::open(path).map_err(|error| error.to_string())?),
        None => Box::new(io::empty()),
    };
    let reader = BufReader::with_capacity(1 << 20, Counting { inner: source, read: Arc::clone(&read) });
    let sender = telling.0.clone();
    let report = import_lines(&context.content, &Caller::Operator, organisation, reader, |report| {
        // A full channel only loses a step of the bar.
        let _ = sender.try_send(News::Progress { done: read.load(Ordering::Relaxed), items: done(report) });
    })
    .await
    .map_err(|error| error.to_string())?;
    for problem in &report.problems {
        telling.say(format!("dòng · line {}: {} {}", problem.line, problem.code.as_str(), problem.message)).await;
    }
    let untold = report.bad - report.problems.len() as u64;
    if untold > 0 {
        telling.say(format!("và {untold} dòng lỗi nữa · and {untold} more bad lines")).await;
    }
    telling
        .say(format!(
            "mới · new {} · đổi · updated {} · giữ nguyên · unchanged {} · lỗi · bad {}",
            report.added, report.updated, report.unchanged, report.bad
        ))
        .await;
    Ok(())
}

fn done(report: &ImportReport) -> u64 {
    report.added + report.updated + report.unchanged + report.bad
}

struct Counting<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
