//! `deliveries.json`: what became of the last message, for whoever looks after
//! the machine.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Delivery, file};

/// Name of the file.
const FILE: &str = "deliveries.json";

/// What became of the last message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The run it was about.
    pub run_id: String,
    /// When it was sent, as RFC 3339.
    pub at: String,
    /// What became of it on each way.
    pub deliveries: Vec<Delivery>,
    /// Up to when everything was told to somebody, as RFC 3339. What comes
    /// after belongs to the next message.
    pub told_until: String,
}

impl Record {
    /// That of a workspace; `None` where there is none that can be read.
    pub fn load(root: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(root.join(FILE)).ok()?).ok()
    }

    /// Writes it in one step.
    ///
    /// # Errors
    ///
    /// When the disk does not take it.
    pub fn save(&self, root: &Path) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        file::replace(root, &root.join(FILE), &text)
    }

    /// Up to when everything was told.
    pub fn told_until(&self) -> Option<Timestamp> {
        self.told_until.parse().ok()
    }

    /// The ways on which it did not arrive.
    pub fn failed(&self) -> impl Iterator<Item = (&Delivery, &str)> {
        self.deliveries
            .iter()
            .filter_map(|one| Some((one, one.error.as_deref()?)))
    }
}
