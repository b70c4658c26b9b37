//! Integration tests, one binary: relinking eight costs four times as much.

mod tidy; // the house rules: floors, sizes, words, docs
