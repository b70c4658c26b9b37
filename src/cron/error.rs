//! What is wrong with a cron line or the name of a zone, and what to write.

use thiserror::Error;

/// Why a line and a zone are no timetable.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TimetableError {
    /// Not five fields.
    #[error("`{line}` is not a cron line: it has {n} fields, not five")]
    Fields {
        /// As written.
        line: String,
        /// How many there are.
        n: usize,
    },
    /// A field that says nothing.
    #[error("`{line}`: the {name} `{field}` cannot be read; it takes {takes}")]
    Field {
        /// The line as written.
        line: String,
        /// Which field.
        name: &'static str,
        /// The field as written.
        field: String,
        /// What may stand there.
        takes: &'static str,
    },
    /// A line that no day fits.
    #[error("`{line}` never comes: no day of any year fits it")]
    Never {
        /// As written.
        line: String,
    },
    /// A zone that nobody knows.
    #[error("`{zone}` is not a time zone")]
    Zone {
        /// As written.
        zone: String,
        /// The one that was likely meant.
        meant: Option<String>,
    },
}

impl TimetableError {
    /// What to write instead.
    pub fn help(&self) -> String {
        match self {
            Self::Fields { .. } => {
                "write minute, hour, day, month and weekday: \"0 2 * * *\" is every night at two, \
                 \"30 6 * * 1-5\" half past six from Monday to Friday"
                    .to_owned()
            }
            Self::Field { .. } => {
                "a field is `*`, a number, a list `1,15`, a range `1-5`, or a step `*/15`"
                    .to_owned()
            }
            Self::Never { .. } => {
                "look at the day and the month; \"0 2 L * *\" is the last day of each month"
                    .to_owned()
            }
            Self::Zone { meant, .. } => match meant {
                Some(zone) => format!("did you mean \"{zone}\"?"),
                None => "write such as \"Asia/Jakarta\" (WIB), \"Asia/Makassar\" (WITA) or \
                         \"Asia/Jayapura\" (WIT)"
                    .to_owned(),
            },
        }
    }
}

/// Names of the fields, and what stands in each.
const FIELDS: [(&str, &str); 5] = [
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of the month", "1 to 31, `L` for the last"),
    ("month", "1 to 12, or JAN to DEC"),
    ("weekday", "0 to 7, where 0 and 7 are Sunday, or SUN to SAT"),
];

/// Short names of usual lines.
const NAMED: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// The five fields of a line.
pub(super) fn fields(line: &str) -> Result<Vec<&str>, TimetableError> {
    let named = NAMED
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(line.trim()));
    let fields: Vec<&str> = named
        .map_or(line, |(_, line)| line)
        .split_whitespace()
        .collect();
    if fields.len() != FIELDS.len() {
        return Err(TimetableError::Fields {
            line: line.to_owned(),
            n: fields.len(),
        });
    }
    // The library takes a `+` for "and", and nothing between two commas for
    // nothing; no other cron does.
    let is_odd = |field: &&str| {
        let is_known = |ch: char| ch.is_ascii_alphanumeric() || "*,-/#".contains(ch);
        !field.chars().all(is_known) || field.split(',').any(str::is_empty)
    };
    match fields.iter().position(is_odd) {
        Some(place) => Err(fault(line, place, fields[place])),
        None => Ok(fields),
    }
}

/// The first field that cannot be read alone.
pub(super) fn which(
    line: &str,
    fields: &[&str],
    can_read: impl Fn(&str) -> bool,
) -> TimetableError {
    let alone = |place: &usize| {
        let mut open = ["*"; FIELDS.len()];
        open[*place] = fields[*place];
        !can_read(&open.join(" "))
    };
    let place = (0..FIELDS.len()).find(alone).unwrap_or_default();
    fault(line, place, fields[place])
}

fn fault(line: &str, place: usize, field: &str) -> TimetableError {
    let (name, takes) = FIELDS[place];
    TimetableError::Field {
        line: line.to_owned(),
        name,
        field: field.to_owned(),
        takes,
    }
}

/// What people in Indonesia call their zones.
const CALLED: [(&str, &str); 6] = [
    ("wib", "Asia/Jakarta"),
    ("wita", "Asia/Makassar"),
    ("wit", "Asia/Jayapura"),
    ("jakarta", "Asia/Jakarta"),
    ("makassar", "Asia/Makassar"),
    ("jayapura", "Asia/Jayapura"),
];

pub(super) fn unknown_zone(name: &str) -> TimetableError {
    let lower = name.to_lowercase();
    let called = CALLED.iter().find(|(called, _)| *called == lower);
    let meant = called
        .map(|(_, zone)| (*zone).to_owned())
        .or_else(|| closest(&lower));
    TimetableError::Zone {
        zone: name.to_owned(),
        meant,
    }
}

/// The known name that is written most alike.
fn closest(lower: &str) -> Option<String> {
    let known = jiff::tz::db().available();
    known
        .map(|name| {
            let distance = strsim::damerau_levenshtein(lower, &name.as_str().to_lowercase());
            (distance, name.to_string())
        })
        .filter(|(distance, name)| *distance <= 1 + name.len() / 6)
        .min()
        .map(|(_, name)| name)
}
