//! `samspor demo`: an invented municipality whose devices work offline for two weeks and then agree.
mod calendar;
mod checker;
mod content;
mod journal;
mod people;
mod plan;
mod relay;
mod typing;
