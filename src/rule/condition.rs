//! Boolean expressions over indicators, contexts and typed values.

use std::ops::Range;

use crate::matcher::ValueTest;

/// How deep brackets and `not` may nest. Reading and asking go down as deep,
/// and a stack that ends takes the program with it.
const MAX_DEPTH: usize = 32;

/// A condition whose names were resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of these.
    All(Vec<Condition>),
    /// At least so many of these.
    AtLeast(usize, Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// An indicator, by its index in the rule set.
    Indicator(usize),
    /// A context, by its index in the rule set.
    Context(usize),
    /// A typed value.
    Value(ValueTest),
}

/// What a condition is asked about.
pub trait Facts {
    /// Whether the indicator holds.
    fn indicator(&self, index: usize) -> bool;
    /// Whether the context holds.
    fn context(&self, index: usize) -> bool;
    /// Whether a value passes the test.
    fn value(&self, test: &ValueTest) -> bool;
}

impl Condition {
    /// Whether it holds.
    pub fn holds(&self, facts: &impl Facts) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Self::AtLeast(n, parts) => parts.iter().filter(|part| part.holds(facts)).count() >= *n,
            Self::Not(part) => !part.holds(facts),
            Self::Indicator(index) => facts.indicator(*index),
            Self::Context(index) => facts.context(*index),
            Self::Value(test) => facts.value(test),
        }
    }

    /// Adds the leaves that make it hold, in written order. Nothing is added
    /// for what had to be absent.
    pub fn met_by<'c>(&'c self, facts: &impl Facts, leaves: &mut Vec<&'c Condition>) {
        match self {
            Self::All(parts) | Self::AtLeast(_, parts) => {
                for part in parts.iter().filter(|part| part.holds(facts)) {
                    part.met_by(facts, leaves);
                }
            }
            Self::Not(_) => {}
            leaf => leaves.push(leaf),
        }
    }

    /// Calls `each` for every leaf, also below a `not`.
    pub fn each_leaf<'c>(&'c self, each: &mut impl FnMut(&'c Condition)) {
        match self {
            Self::All(parts) | Self::AtLeast(_, parts) => {
                for part in parts {
                    part.each_leaf(each);
                }
            }
            Self::Not(part) => part.each_leaf(each),
            leaf => each(leaf),
        }
    }
}

/// A fault in an expression.
#[derive(Debug, PartialEq)]
pub(super) struct ExpressionError {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    /// The name that nothing has, when that is the fault.
    pub(super) unknown: Option<String>,
}

/// Gives names their meaning.
pub(super) trait Names {
    /// The leaf a name stands for; an indicator when it holds a dot.
    fn leaf(&self, name: &str) -> Option<Condition>;
    /// The indicators of a group.
    fn group(&self, group: &str) -> Vec<Condition>;
}

/// Reads an expression.
pub(super) fn parse(text: &str, names: &impl Names) -> Result<Condition, ExpressionError> {
    let mut parser = Parser {
        text,
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        names,
    };
    let condition = parser.or()?;
    match parser.tokens.get(parser.at) {
        None => Ok(condition),
        Some((token, at)) => Err(fault(
            at.clone(),
            format!("`{token}` is not expected here; join with `and` or `or`"),
        )),
    }
}

fn fault(at: Range<usize>, message: impl Into<String>) -> ExpressionError {
    ExpressionError {
        at,
        message: message.into(),
        unknown: None,
    }
}

type Token<'e> = (&'e str, Range<usize>);

fn tokens(text: &str) -> Result<Vec<Token<'_>>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let first = rest.chars().next().expect("not at the end");
        let len = match first {
            ch if ch.is_whitespace() => {
                at += ch.len_utf8();
                continue;
            }
            '(' | ')' | ',' => 1,
            '{' => match rest.find('}') {
                Some(end) => end + 1,
                None => return Err(fault(at..at + 1, "`{` is never closed")),
            },
            ch if is_name(ch) => rest.find(|ch| !is_name(ch)).unwrap_or(rest.len()),
            ch => {
                let message = format!("`{ch}` has no meaning in an expression");
                return Err(fault(at..at + ch.len_utf8(), message));
            }
        };
        tokens.push((&text[at..at + len], at..at + len));
        at += len;
    }
    Ok(tokens)
}

fn is_name(ch: char) -> bool {
    ch.is_ascii_alphanumeric() || matches!(ch, '_' | '.' | '*' | '-')
}

struct Parser<'e, N> {
    text: &'e str,
    tokens: Vec<Token<'e>>,
    at: usize,
    depth: usize,
    names: &'e N,
}

impl<'e, N: Names> Parser<'e, N> {
    fn peek(&self) -> Option<&'e str> {
        self.tokens.get(self.at).map(|token| token.0)
    }

    fn next(&mut self) -> Result<Token<'e>, ExpressionError> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        let end = self.text.len();
        token.ok_or_else(|| fault(end.saturating_sub(1)..end, "the expression ends too early"))
    }

    fn expect(&mut self, wanted: &str) -> Result<(), ExpressionError> {
        let (token, at) = self.next()?;
        if token == wanted {
            Ok(())
        } else {
            Err(fault(at, format!("expected `{wanted}`")))
        }
    }

    fn or(&mut self) -> Result<Condition, ExpressionError> {
        let mut parts = vec![self.and()?];
        while self.peek() == Some("or") {
            self.at += 1;
            parts.push(self.and()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Condition::AtLeast(1, parts)
        })
    }

    fn and(&mut self) -> Result<Condition, ExpressionError> {
        let mut parts = vec![self.not()?];
        while self.peek() == Some("and") {
            self.at += 1;
            parts.push(self.not()?);
        }
        Ok(if parts.len() == 1 {
            parts.remove(0)
        } else {
            Condition::All(parts)
        })
    }

    fn not(&mut self) -> Result<Condition, ExpressionError> {
        if self.peek() == Some("not") {
            let (_, at) = self.next()?;
            let inner = self.deeper(at, Self::not)?;
            return Ok(Condition::Not(Box::new(inner)));
        }
        self.primary()
    }

    /// Reads what stands inside the bracket or behind the `not` at `at`.
    fn deeper(
        &mut self,
        at: Range<usize>,
        read: impl Fn(&mut Self) -> Result<Condition, ExpressionError>,
    ) -> Result<Condition, ExpressionError> {
        if self.depth == MAX_DEPTH {
            let message = format!("brackets and `not` nest deeper than {MAX_DEPTH}");
            return Err(fault(at, message));
        }
        self.depth += 1;
        let inner = read(self)?;
        self.depth -= 1;
        Ok(inner)
    }

    fn primary(&mut self) -> Result<Condition, ExpressionError> {
        let (token, at) = self.next()?;
        match token {
            "(" => {
                let inner = self.deeper(at, Self::or)?;
                self.expect(")")?;
                Ok(inner)
            }
            "any" => self.some_of(1),
            "and" | "or" | "of" | ")" | "," => {
                Err(fault(at, format!("`{token}` is not expected here")))
            }
            _ if token.starts_with('{') => value(token, at),
            _ if token.bytes().all(|byte| byte.is_ascii_digit()) => {
                let n = token.parse().ok().filter(|n| *n > 0);
                self.some_of(n.ok_or_else(|| fault(at, "a count is 1 or more"))?)
            }
            name => self.name(name, at),
        }
    }

    fn some_of(&mut self, n: usize) -> Result<Condition, ExpressionError> {
        self.expect("of")?;
        let (token, at) = self.next()?;
        let mut parts = Vec::new();
        if token == "(" {
            loop {
                let (token, at) = self.next()?;
                parts.extend(self.names_of(token, at)?);
                let (token, at) = self.next()?;
                match token {
                    "," => {}
                    ")" => break,
                    _ => return Err(fault(at, "expected `,` or `)`")),
                }
            }
        } else {
            parts = self.names_of(token, at.clone())?;
        }
        if parts.len() < n {
            let message = format!("asks for {n} of {}, which can never hold", parts.len());
            return Err(fault(at, message));
        }
        Ok(Condition::AtLeast(n, parts))
    }

    fn names_of(&self, token: &str, at: Range<usize>) -> Result<Vec<Condition>, ExpressionError> {
        if token.starts_with('{') {
            return Ok(vec![value(token, at)?]);
        }
        let Some(group) = token.strip_suffix(".*") else {
            return Ok(vec![self.name(token, at)?]);
        };
        let parts = self.names.group(group);
        if parts.is_empty() {
            Err(unknown(token, at))
        } else {
            Ok(parts)
        }
    }

    fn name(&self, name: &str, at: Range<usize>) -> Result<Condition, ExpressionError> {
        if name.ends_with('*') {
            return Err(fault(at, format!("write `any of {name}`")));
        }
        self.names.leaf(name).ok_or_else(|| unknown(name, at))
    }
}

fn unknown(name: &str, at: Range<usize>) -> ExpressionError {
    let kind = if name.contains('.') {
        "indicator"
    } else {
        "context"
    };
    ExpressionError {
        at,
        message: format!("there is no {kind} `{name}`"),
        unknown: Some(name.to_owned()),
    }
}

fn value(token: &str, at: Range<usize>) -> Result<Condition, ExpressionError> {
    ValueTest::parse(&token[1..token.len() - 1])
        .map(Condition::Value)
        .map_err(|error| fault(at, error.to_string()))
}
