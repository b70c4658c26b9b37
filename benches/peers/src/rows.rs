//! Reads the records back: the last row of each figure counts.

use std::collections::BTreeMap;
use std::fs;

use crate::record::directory;

/// One figure of the record.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Its fields, in the order of the header.
    fields: Vec<String>,
}

impl Row {
    /// The day it was measured.
    pub(crate) fn date(&self) -> &str {
        &self.fields[0]
    }

    /// The commit measured.
    pub(crate) fn commit(&self) -> &str {
        &self.fields[1]
    }

    /// The machine.
    pub(crate) fn machine(&self) -> &str {
        &self.fields[2]
    }

    /// The figure.
    pub(crate) fn figure(&self) -> f64 {
        self.fields[4].parse().unwrap_or(f64::NAN)
    }

    /// The least and the most, as written.
    pub(crate) fn range(&self) -> &str {
        self.fields[6].split(';').next().unwrap_or("")
    }
}

/// The newest row of every figure, by what and unit.
pub(crate) struct Rows(BTreeMap<(String, String), Row>);

impl Rows {
    /// Reads every record of peers, oldest first.
    pub(crate) fn read() -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", directory().display());
        let mut paths: Vec<_> = fs::read_dir(directory())
            .map_err(failed)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with("peers-") && name.ends_with(".csv")
            })
            .collect();
        paths.sort();
        let mut rows = BTreeMap::new();
        for path in paths {
            let text = fs::read_to_string(path).map_err(failed)?;
            for fields in text
                .lines()
                .skip(1)
                .map(fields)
                .filter(|row| row.len() >= 7)
            {
                rows.insert((fields[3].clone(), fields[5].clone()), Row { fields });
            }
        }
        Ok(Self(rows))
    }

    /// The row of this figure.
    pub(crate) fn get(&self, what: &str, unit: &str) -> Option<&Row> {
        self.0.get(&(what.to_owned(), unit.to_owned()))
    }

    /// Rows whose name begins and ends so and that have this unit: what stands
    /// between, and the row.
    pub(crate) fn between<'r>(
        &'r self,
        before: &str,
        after: &str,
        unit: &str,
    ) -> Vec<(&'r str, &'r Row)> {
        let of_unit = self.0.iter().filter(|((_, its), _)| its == unit);
        let named = of_unit.filter_map(|((what, _), row)| {
            Some((what.strip_prefix(before)?.strip_suffix(after)?, row))
        });
        named.collect()
    }
}

/// The fields of one line; quoted ones hold no line ends here.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(ch) = chars.next() {
        let field = fields.last_mut().expect("there is always one");
        match ch {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_keep_commas_and_quotes() {
        assert_eq!(fields(r#"a,"b, ""c""",,d"#), ["a", "b, \"c\"", "", "d"]);
    }
}
