//! Where a post goes and how soon a person should look at it.

/// Where a post goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// Nothing asks for a look.
    ContextOnly,
    /// The alert queue.
    Alert,
    /// A missing-person notice: shows a possible victim, never an alert.
    MissingPerson,
    /// A plea for help: looked at first, never an alert.
    HelpRequest,
}

impl Route {
    /// Every route.
    pub const ALL: [Self; 4] = [
        Self::ContextOnly,
        Self::Alert,
        Self::MissingPerson,
        Self::HelpRequest,
    ];

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::HelpRequest => "help_request",
            Self::MissingPerson => "missing_person",
            Self::ContextOnly => "context_only",
        }
    }

    /// The route with this wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.as_str() == name)
    }
}

/// How soon a person should look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Below the flag line.
    None,
    /// For a list.
    Low,
    /// For triage.
    Medium,
    /// Soon.
    High,
    /// At once.
    Critical,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Critical,
    ];

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The level with this wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}
