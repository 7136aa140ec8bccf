//! The way in and what belongs to it.
