//! Stage 6, the client: construction and configuration.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::docs::docs;
use super::root::{Names, title};
use crate::ir::{Api, CredentialPlace, Docs};

/// Emits the client.
pub(super) fn client(api: &Api, names: &Names) -> Module {
    let mut module = Module::new(Docs::default().paragraph("The client: construction and configuration."));
    for import in [
        "std::fmt",
        "std::sync::Arc",
        "reqwest::Method",
        "crate::runtime::client::ClientBuilder",
        "crate::runtime::client::Core",
        "crate::runtime::client::CustomRequest",
        "crate::runtime::error::Error",
    ] {
        module.import(import);
    }
    if api.base_url.is_some() {
        module.import("crate::runtime::client::variable");
    }
    if api.credential.is_some() || api.base_url.is_none() {
        module.import("crate::runtime::client::required_variable");
    }
    if api.credential.is_some() {
        module.import("crate::runtime::client::Place");
    }
    module.push(definition(api));
    module.push(methods(api, names));
    module.push(builder(api, names));
    if api.credential.is_none() && api.base_url.is_some() {
        module.push(quote!(impl Default for Client { fn default() -> Self { Self::new() } }));
    }
    module.push(quote! {
        impl fmt::Debug for Client {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct("Client").field("base_url", &self.base_url()).finish_non_exhaustive()
            }
        }
    });
    module
}

fn definition(api: &Api) -> TokenStream {
    let words = Docs::default()
        .paragraph(format!("A client of {}.", title(api)))
        .paragraph("Clones share their connections; a clone is cheap.");
    let docs = docs(&words);
    let base_url = api.base_url.as_ref().map(|url| {
        quote! {
            /// Where the API is, unless a client is told otherwise.
            const BASE_URL: &str = #url;
        }
    });
    quote! {
        #base_url
        #docs
        #[derive(Clone)]
        pub struct Client {
            pub(crate) core: Arc<Core>,
        }
    }
}

fn methods(api: &Api, names: &Names) -> TokenStream {
    let builder = match &api.base_url {
        Some(_) => quote!(ClientBuilder::at(Some(BASE_URL))),
        None => quote!(ClientBuilder::at(None)),
    };
    let (new, from_env) = (new(api), from_env(api, names));
    quote! {
        impl Client {
            #new
            #from_env

            /// Configures a client.
            #[must_use]
            pub fn builder() -> ClientBuilder {
                #builder
            }

            /// Where the API is.
            #[must_use]
            pub fn base_url(&self) -> &str {
                self.core.base_url()
            }

            /// A request that this crate has no method for; `path` comes behind the base URL.
            pub fn request(&self, method: Method, path: &str) -> CustomRequest {
                CustomRequest::new(&self.core, method, path)
            }
        }
    }
}

/// The shortest way to a client.
fn new(api: &Api) -> TokenStream {
    let (mut arguments, mut setters, mut words) = (Vec::new(), Vec::new(), Vec::new());
    if api.base_url.is_none() {
        arguments.push(quote!(base_url: impl Into<String>));
        setters.push(quote!(.base_url(base_url)));
        words.push("the API at `base_url`");
    }
    if api.credential.is_some() {
        arguments.push(quote!(api_key: impl Into<String>));
        setters.push(quote!(.api_key(api_key)));
        words.push("the key `api_key`");
    }
    let words =
        if words.is_empty() { "A client.".to_owned() } else { format!("A client with {}.", words.join(" and ")) };
    let what =
        "What is wrong with the configuration is said by the first request; [`Client::builder`] says it at once.";
    let docs = docs(&Docs::default().paragraph(words).paragraph(what));
    quote! {
        #docs
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { core: Arc::new(Self::builder() #(#setters)* .core()) }
        }
    }
}

fn from_env(api: &Api, names: &Names) -> TokenStream {
    let (key, url) = (&names.key_variable, &names.url_variable);
    let mut words = Vec::new();
    let mut required = Vec::new();
    let api_key = api.credential.as_ref().map(|_| {
        words.push(format!("its key from `{key}`"));
        required.push(key.clone());
        quote!(builder = builder.api_key(required_variable(#key)?);)
    });
    let base_url = if api.base_url.is_some() {
        words.push(format!("its base URL from `{url}` where that is set"));
        quote! {
            if let Some(base_url) = variable(#url)? {
                builder = builder.base_url(base_url);
            }
        }
    } else {
        words.push(format!("its base URL from `{url}`"));
        required.push(url.clone());
        quote! {
            builder = builder.base_url(required_variable(#url)?);
        }
    };
    let errors = match required.as_slice() {
        [] => "When the variable is set to something that is no URL.".to_owned(),
        required => format!("When `{}` is not set, or a value is no valid one.", required.join("` or `")),
    };
    let docs = docs(
        &Docs::default()
            .paragraph("A client that is configured by environment variables:")
            .paragraph(format!("{}.", words.join(", ")))
            .paragraph("# Errors")
            .paragraph(errors),
    );
    quote! {
        #docs
        pub fn from_env() -> Result<Self, Error> {
            let mut builder = Self::builder();
            #api_key
            #base_url
            builder.build()
        }
    }
}

fn builder(api: &Api, names: &Names) -> TokenStream {
    let credential = api.credential.as_ref().map(|credential| {
        let place = match &credential.place {
            CredentialPlace::Header(name) => quote!(Place::Header(#name)),
            CredentialPlace::Bearer => quote!(Place::Bearer),
            CredentialPlace::Query(name) => quote!(Place::Query(#name)),
            CredentialPlace::Cookie(name) => quote!(Place::Cookie(#name)),
        };
        let words = match &credential.place {
            CredentialPlace::Header(name) => format!("Sets the key, which goes out as the header `{name}`."),
            CredentialPlace::Bearer => "Sets the key, which goes out as a bearer token.".to_owned(),
            CredentialPlace::Query(name) => format!("Sets the key, which goes out as the query parameter `{name}`."),
            CredentialPlace::Cookie(name) => format!("Sets the key, which goes out as the cookie `{name}`."),
        };
        let docs = docs(&Docs::default().paragraph(words));
        quote! {
            #docs
            #[must_use]
            pub fn api_key(self, api_key: impl Into<String>) -> Self {
                self.credential(#place, api_key)
            }
        }
    });
    let required = api.credential.as_ref().filter(|credential| credential.required).map(|_| {
        let message =
            format!("no key is set: call `api_key`, or set {} and use `Client::from_env`", names.key_variable);
        quote! {
            if !self.has_credential() {
                return Err(Error::config(#message));
            }
        }
    });
    quote! {
        impl ClientBuilder {
            #credential

            /// The client.
            ///
            /// # Errors
            ///
            /// When a setting is missing or is no valid one.
            pub fn build(self) -> Result<Client, Error> {
                #required
                let core = self.core();
                core.check()?;
                Ok(Client { core: Arc::new(core) })
            }
        }
    }
}
