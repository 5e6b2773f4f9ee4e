//! The pages people read: server-rendered, Danish first, with a script that only keeps them fresh.
//!
//! A page shows what the signed-in practitioner's memberships open, decided by the log like a device's feed. What
//! is not for a reader looks exactly like what is not there.

mod assets;
mod changes;
mod chart;
mod child;
mod children;
mod contacts;
mod cookies;
mod devices;
mod factors;
mod format;
mod growth;
mod language;
mod learning;
mod methods;
mod overview;
mod practice;
mod respond;
mod rows;
pub mod session;
mod shared;
mod sign_in;
mod today;
mod view;
mod visits;

pub use assets::asset;
pub use changes::{STREAMS_MAX, changes};
pub use child::{child_page, timeline_data};
pub use children::{children_data, children_page};
pub use language::Wishes;
pub use learning::learning_page;
pub use overview::overview_data;
pub use practice::{practice_data, practice_page};
pub use respond::failure_page;
pub use shared::shared_page;
pub use sign_in::{sign_in, sign_in_page, sign_out};
pub use today::{today_data, today_page};
