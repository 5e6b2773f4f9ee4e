//! Samspor.
