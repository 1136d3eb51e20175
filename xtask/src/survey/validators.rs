//! What says whether a value is one of a schema: validators of the schemas of one document.

use jsonschema::{Draft, Registry, Validator};
use serde_json::json;

use super::schemas::Schemas;

/// What the document is called among the resources of a validator.
const DOCUMENT: &str = "survey:/document";

/// Makes validators of the schemas of one document.
pub(crate) struct Validators<'s> {
    schemas: &'s Schemas,
    registry: Registry<'s>,
    formats: bool,
}

impl<'s> Validators<'s> {
    /// Validators that take a `format` for a remark.
    ///
    /// # Errors
    ///
    /// When the document is not taken at all.
    pub(crate) fn new(schemas: &'s Schemas) -> Result<Self, String> {
        let registry = Registry::new().draft(Draft::Draft202012).add(DOCUMENT, schemas.root());
        let registry = registry.and_then(|registry| registry.prepare()).map_err(|error| error.to_string())?;
        Ok(Self { schemas, registry, formats: false })
    }

    /// The same, which hold values to a `format`, too.
    #[must_use]
    pub(crate) fn with_formats(self) -> Self {
        Self { formats: true, ..self }
    }

    /// The validator of the schema at a place of the document as it was written.
    ///
    /// # Errors
    ///
    /// When the schema cannot be read.
    pub(crate) fn at(&self, place: &str) -> Result<Validator, String> {
        let schema = json!({"$ref": format!("{DOCUMENT}{}", self.schemas.reference(place))});
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(self.formats);
        options.with_registry(&self.registry).build(&schema).map_err(|error| error.to_string())
    }
}
