//! The library's log into the platform's: lines of Samspor's own crates only, which hold no personal data. They are told
//! on a thread of their own; whatever a sink throws, and however slow it is, nothing else waits for it.

use crate::app::call_app;
use std::{
    fmt::{self, Write as _},
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};
use tracing::{Event, Level, Subscriber, field::Field, field::Visit, level_filters::LevelFilter};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _};

/// How many lines wait for a sink at most; further ones are left out, and counted.
const LINES_MAX: usize = 1_000;

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum LogLevel {
    /// Something failed.
    Error,
    /// Something is not as it should be.
    Warn,
    /// What happens.
    Info,
    /// For who looks for a fault.
    Debug,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LogRecord {
    /// How much it matters.
    pub level: LogLevel,
    /// Which part of the library says it.
    pub target: String,
    /// What it says, in English.
    pub message: String,
    /// How many lines before it were left out because the sink was too slow.
    pub left_out: u64,
}

/// Where lines go.
#[uniffi::export(rust, foreign)]
pub trait LogSink: Send + Sync {
    /// Takes one line.
    fn log(&self, record: LogRecord) -> Result<(), LogSinkError>;
}

/// A sink that does not take a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum LogSinkError {
    /// It failed.
    #[error("the log sink failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for LogSinkError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

struct Told {
    lines: SyncSender<LogRecord>,
    left_out: Arc<AtomicU64>,
    sink: RwLock<(Option<Arc<dyn LogSink>>, LogLevel)>,
}

static TOLD: OnceLock<Option<Told>> = OnceLock::new();

/// From now on lines that matter at least this much go to this sink; to none when none is given.
#[uniffi::export]
pub fn set_log_sink(sink: Option<Arc<dyn LogSink>>, least: LogLevel) {
    let Some(told) = TOLD.get_or_init(begin) else {
        return;
    };
    *told.sink.write().unwrap_or_else(PoisonError::into_inner) = (sink, least);
}

/// Begins to listen, once in a process. None where somebody else listens already, or there is no thread to be had.
fn begin() -> Option<Told> {
    let (lines, wait) = sync_channel(LINES_MAX);
    let thread = std::thread::Builder::new().name("samspor-log".to_owned());
    thread.spawn(move || tell_all(&wait)).ok()?;
    let subscriber = tracing_subscriber::registry().with(ToSink.with_filter(LevelFilter::DEBUG));
    tracing::subscriber::set_global_default(subscriber).ok()?;
    Some(Told {
        lines,
        left_out: Arc::default(),
        sink: RwLock::new((None, LogLevel::Info)),
    })
}

fn tell_all(wait: &Receiver<LogRecord>) {
    while let Ok(record) = wait.recv() {
        let told = TOLD.get().and_then(Option::as_ref);
        let sink = told.and_then(|told| {
            let sink = told.sink.read().unwrap_or_else(PoisonError::into_inner);
            sink.0.clone()
        });
        if let Some(sink) = sink {
            // Of a line that was not taken there is nobody to tell.
            let _ = call_app(move || sink.log(record));
        }
    }
}

struct ToSink;

impl<S: Subscriber> Layer<S> for ToSink {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let target = event.metadata().target();
        let Some(Some(told)) = TOLD.get() else { return };
        let level = level_of(*event.metadata().level());
        if !target.starts_with("samspor") || !told.wants(level) {
            return;
        }
        let mut message = Line(String::new());
        event.record(&mut message);
        let record = LogRecord {
            level,
            target: target.to_owned(),
            message: message.0,
            left_out: told.left_out.swap(0, Ordering::Relaxed),
        };
        let left_out = record.left_out;
        if told.lines.try_send(record).is_err() {
            told.left_out.fetch_add(left_out + 1, Ordering::Relaxed);
        }
    }
}

impl Told {
    fn wants(&self, level: LogLevel) -> bool {
        let sink = self.sink.read().unwrap_or_else(PoisonError::into_inner);
        sink.0.is_some() && (level as u8) <= (sink.1 as u8)
    }
}

const fn level_of(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        _ => LogLevel::Debug,
    }
}

/// An event as one line: its message, then its fields.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let space = if self.0.is_empty() { "" } else { " " };
        let _ = match field.name() {
            "message" => write!(self.0, "{space}{value:?}"),
            name => write!(self.0, "{space}{name}={value:?}"),
        };
    }
}
