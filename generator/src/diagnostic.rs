//! What the generator has to say about a document. Every stage collects these; `report` shows them.

use crate::pointer::Pointer;

/// How much a diagnostic costs the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The input was repaired; nothing is lost.
    Note,
    /// The crate is generated, and something of the document is not in it.
    Warning,
    /// No crate can be generated.
    Error,
}

impl Severity {
    /// The word that a report starts with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where a diagnostic points to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The index of the input text.
    pub input: usize,
    /// The place within that text.
    pub spot: Spot,
}

/// A place within one input text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spot {
    /// The text as a whole.
    Whole,
    /// A line and a column of the text as the user wrote it, both from 1; the column counts characters.
    Line(usize, usize),
    /// A node of the description in the text.
    Node(Pointer),
    /// The key of a member of an object in the description.
    Key(Pointer),
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// What kind of thing a diagnostic says: stable, documented, and shown by a fixture each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The code as it is printed.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

codes! {
    /// The text is not YAML.
    YamlSyntax = "yaml-syntax",
    /// The text is not JSON.
    JsonSyntax = "json-syntax",
    /// An object has a key more than once.
    DuplicateKey = "duplicate-key",
    /// The text holds no description of an API.
    NoDescription = "no-description",
    /// The request line of a documentation page is missing, or that of another operation.
    RequestLine = "request-line",
    /// A documentation page without a description; what it lists is read, and what it does not print stays open.
    Outline = "outline",
    /// A documentation page that ends within its description.
    CutOff = "cut-off",
    /// A version or kind of description that cannot be read yet.
    UnsupportedVersion = "unsupported-version",
    /// A keyword has a value of the wrong type.
    WrongType = "wrong-type",
    /// A keyword has a value that is none of the allowed ones.
    WrongValue = "wrong-value",
    /// A required keyword is missing.
    MissingKeyword = "missing-keyword",
    /// A keyword that no version of the specification has at this place.
    UnknownKeyword = "unknown-keyword",
    /// A keyword that is valid and that the generator cannot honour yet.
    UnsupportedKeyword = "unsupported-keyword",
    /// A keyword that is valid and says nothing that a client needs.
    IgnoredKeyword = "ignored-keyword",
    /// A reference that leads nowhere.
    DanglingReference = "dangling-reference",
    /// A reference into another document.
    ExternalReference = "external-reference",
    /// A reference that leads back to itself without any type between.
    CyclicReference = "cyclic-reference",
    /// Two texts define the same component differently.
    ConflictingComponent = "conflicting-component",
    /// Two texts describe the same operation.
    DuplicateOperation = "duplicate-operation",
    /// A path has a name for which there is no parameter.
    UndeclaredParameter = "undeclared-parameter",
    /// A parameter is left out of its operation.
    ParameterLeftOut = "parameter-left-out",
    /// A schema that becomes a JSON value, or nothing that can be sent, because no type can say it.
    UntypedSchema = "untyped-schema",
    /// An action of an overlay that cannot be applied, or that changes nothing.
    OverlayAction = "overlay-action",
    /// An entry of the configuration that is about nothing in the documents.
    UnusedConfiguration = "unused-configuration",
    /// An entry of the configuration that asks for what cannot be.
    WrongConfiguration = "wrong-configuration",
    /// A credential of which nothing says how it is written in its header.
    CredentialForm = "credential-form",
    /// An id of an operation that another one has, or that is missing.
    OperationId = "operation-id",
    /// A required property that no keyword describes.
    UndescribedProperty = "undescribed-property",
    /// Keywords that exclude each other, or that have no effect beside others.
    WrongCombination = "wrong-combination",
    /// A default or an example that its schema does not allow.
    WrongExample = "wrong-example",
    /// There is nothing to call: no operation is left.
    NoOperations = "no-operations",
    /// The input was repaired by a rule; the message names it.
    Repaired = "repaired",
}

/// One thing to say about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What it costs the user.
    pub severity: Severity,
    /// What kind of thing it says.
    pub code: Code,
    /// One sentence about this very case, without a full stop.
    pub message: String,
    /// Where it stands.
    pub place: Place,
    /// What the user can do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without a help line.
    #[must_use]
    pub fn new(severity: Severity, code: Code, place: Place, message: impl Into<String>) -> Self {
        Self { severity, code, message: message.into(), place, help: None }
    }

    /// Adds what the user can do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The collector that every stage is handed.
#[derive(Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Whether one of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Makes warnings of the errors with a code.
    pub(crate) fn pardon(&mut self, code: Code) {
        for one in self.0.iter_mut().filter(|one| one.code == code && one.severity == Severity::Error) {
            one.severity = Severity::Warning;
        }
    }

    /// Takes back what was said with a code about some places.
    pub(crate) fn retract(&mut self, code: Code, about: impl Fn(&Place) -> bool) {
        self.0.retain(|one| one.code != code || !about(&one.place));
    }

    /// All of them, to be changed.
    pub(crate) fn all_mut(&mut self) -> &mut [Diagnostic] {
        &mut self.0
    }

    /// Forgets what is no error and was said about some places.
    pub(crate) fn forget(&mut self, about: impl Fn(&Place) -> bool) {
        self.0.retain(|one| one.severity == Severity::Error || !about(&one.place));
    }

    /// All of them, each at the place that `locate` gives it: in the order of the inputs, and within one input as they
    /// were found.
    pub(crate) fn into_sorted(mut self, locate: impl FnOnce(&mut [Diagnostic])) -> Vec<Diagnostic> {
        locate(&mut self.0);
        self.0.sort_by_key(|diagnostic| diagnostic.place.input);
        let mut seen = std::collections::HashSet::new();
        self.0
            .retain(|diagnostic| seen.insert((diagnostic.code, diagnostic.place.clone(), diagnostic.message.clone())));
        self.0
    }
}
