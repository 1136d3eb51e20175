//! Stage 6, the client: construction and configuration.

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::docs::docs;
use super::module::path;
use super::operation::alternative;
use super::root::{Names, title};
use crate::ir::{Api, Auth, CredentialPlace, Docs, Scheme};

/// Emits the client.
pub(super) fn client(api: &Api, names: &Names) -> Module {
    let mut module = Module::new(Docs::default().paragraph("The client: construction and configuration."));
    for import in [
        "std::fmt",
        "std::sync::Arc",
        "reqwest::Method",
        "crate::runtime::client::Core",
        "crate::runtime::config::Api",
        "crate::runtime::config::ClientBuilder",
        "crate::runtime::custom::CustomRequest",
        "crate::runtime::error::Error",
    ] {
        module.import(import);
    }
    let auth = &api.auth;
    if !auth.schemes.is_empty() {
        module.import("crate::runtime::auth::Scheme");
    }
    if auth.schemes.iter().any(|scheme| scheme.client_credentials.is_some()) {
        module.import("crate::runtime::oauth::ClientCredentials");
    }
    let is_url_required = api.servers.base_url.is_none();
    if is_url_required || auth.keys().any(|scheme| is_required(auth, scheme)) {
        module.import("crate::runtime::config::required_variable");
    }
    if !is_url_required || auth.keys().any(|scheme| !is_required(auth, scheme)) {
        module.import("crate::runtime::config::variable");
    }
    module.push(definition(api));
    module.push(methods(api, names));
    module.push(builder(api, names));
    if auth.sole().is_none() && api.servers.base_url.is_some() {
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

/// Whether the environment must have the key: no other way to be let in is there.
fn is_required(auth: &Auth, scheme: &Scheme) -> bool {
    auth.sole().is_some() && scheme.client_credentials.is_none()
}

fn definition(api: &Api) -> TokenStream {
    let words = Docs::default()
        .paragraph(format!("A client of {}.", title(api)))
        .paragraph("Clones share their connections; a clone is cheap.");
    let docs = docs(&words);
    let base_url = match &api.servers.base_url {
        Some(url) => quote!(Some(#url)),
        None => quote!(None),
    };
    let variables = api.servers.variables.iter().flat_map(|variable| {
        let name = &variable.name;
        variable.defaults.iter().map(move |(url, default)| quote!((#url, #name, #default)))
    });
    let schemes = api.auth.schemes.iter().map(|scheme| match &scheme.place {
        CredentialPlace::Header(name) => quote!(Scheme::Header(#name)),
        CredentialPlace::Prefixed { header, prefix } => quote!(Scheme::Prefixed(#header, #prefix)),
        CredentialPlace::Bearer => quote!(Scheme::Authorization("Bearer")),
        CredentialPlace::Basic => quote!(Scheme::Authorization("Basic")),
        CredentialPlace::Authorization(name) => quote!(Scheme::Authorization(#name)),
        CredentialPlace::Query(name) => quote!(Scheme::Query(#name)),
        CredentialPlace::Cookie(name) => quote!(Scheme::Cookie(#name)),
        CredentialPlace::Certificate => quote!(Scheme::Certificate),
    });
    let security = api.auth.security.iter().map(|schemes| alternative(schemes));
    quote! {
        /// What the document says of the API as a whole.
        const API: Api = Api {
            base_url: #base_url,
            variables: &[#(#variables),*],
            schemes: &[#(#schemes),*],
            security: &[#(#security),*],
        };

        #docs
        #[derive(Clone)]
        pub struct Client {
            pub(crate) core: Arc<Core>,
        }
    }
}

fn methods(api: &Api, names: &Names) -> TokenStream {
    let (new, from_env) = (new(api), from_env(api, names));
    quote! {
        impl Client {
            #new
            #from_env

            /// Configures a client.
            #[must_use]
            pub fn builder() -> ClientBuilder {
                ClientBuilder::of(&API)
            }

            /// Where the API is.
            #[must_use]
            pub fn base_url(&self) -> &str {
                self.core.base_url()
            }

            /// A request that this crate has no method for; `path` comes behind the base URL.
            pub fn request(&self, method: Method, path: &str) -> CustomRequest {
                CustomRequest::to(&self.core, method, path)
            }
        }
    }
}

/// The shortest way to a client.
fn new(api: &Api) -> TokenStream {
    let (mut arguments, mut setters, mut words) = (Vec::new(), Vec::new(), Vec::new());
    if api.servers.base_url.is_none() {
        arguments.push(quote!(base_url: impl Into<String>));
        setters.push(quote!(.base_url(base_url)));
        words.push("the API at `base_url`");
    }
    match api.auth.sole() {
        Some(Scheme { ident, place: CredentialPlace::Basic, .. }) => {
            arguments.push(quote!(user: impl AsRef<str>, password: impl AsRef<str>));
            let ident = path(ident.as_str());
            setters.push(quote!(.#ident(user, password)));
            words.push("the user `user` and the password");
        }
        Some(scheme) => {
            arguments.push(quote!(api_key: impl Into<String>));
            let ident = path(scheme.ident.as_str());
            setters.push(quote!(.#ident(api_key)));
            words.push("the key `api_key`");
        }
        None => {}
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
            Self { core: Arc::new(Self::builder() #(#setters)* .into_core()) }
        }
    }
}

fn from_env(api: &Api, names: &Names) -> TokenStream {
    let url = &names.url_variable;
    let mut words = Vec::new();
    let mut required = Vec::new();
    let is_sole = api.auth.sole().is_some();
    let mut steps = Vec::new();
    for scheme in api.auth.keys() {
        let ident = path(scheme.ident.as_str());
        for (setter, variables) in names.variables_of(scheme, is_sole) {
            words.push(format!("`{}`", variables.join("` and `")));
            let setter = path(&setter);
            let is_required = is_required(&api.auth, scheme);
            steps.push(match variables.as_slice() {
                [one] if is_required => quote!(builder = builder.#ident(required_variable(#one)?);),
                [one, two] if is_required => {
                    quote!(builder = builder.#ident(required_variable(#one)?, required_variable(#two)?);)
                }
                [one] => quote! {
                    if let Some(key) = variable(#one)? {
                        builder = builder.#setter(key);
                    }
                },
                variables => {
                    let [one, two] = [0, 1].map(|index| &variables[index]);
                    quote! {
                        if let (Some(one), Some(two)) = (variable(#one)?, variable(#two)?) {
                            builder = builder.#setter(one, two);
                        }
                    }
                }
            });
            if is_required {
                required.extend(variables);
            }
        }
    }
    let keys = match words.as_slice() {
        [] => None,
        words if is_sole => Some(format!("its key from {}", words.join(", or "))),
        words => Some(format!("its keys from {} where these are set", words.join(", "))),
    };
    let (base_url, place) = if api.servers.base_url.is_some() {
        let step = quote! {
            if let Some(base_url) = variable(#url)? {
                builder = builder.base_url(base_url);
            }
        };
        (step, format!("its base URL from `{url}` where that is set"))
    } else {
        required.push(url.clone());
        (quote!(builder = builder.base_url(required_variable(#url)?);), format!("its base URL from `{url}`"))
    };
    let words: Vec<_> = keys.into_iter().chain([place]).collect();
    let errors = match required.as_slice() {
        [] => "When a variable is set to something that cannot be used.".to_owned(),
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
            #(#steps)*
            #base_url
            builder.build()
        }
    }
}

fn builder(api: &Api, names: &Names) -> TokenStream {
    let schemes = api.auth.schemes.iter().enumerate().map(|(index, scheme)| credential(index, scheme));
    let variables = api.servers.variables.iter().map(|variable| {
        let docs = docs(&variable.docs.or(format!("Sets `{}` in the base URL.", variable.name)));
        let (ident, name) = (path(variable.ident.as_str()), &variable.name);
        quote! {
            #docs
            #[must_use]
            pub fn #ident(self, value: impl Into<String>) -> Self {
                self.set_variable(#name, value)
            }
        }
    });
    let required = api.auth.sole().filter(|scheme| scheme.required).map(|scheme| {
        let message =
            format!("no key is set: call `{}`, or set {} and use `Client::from_env`", scheme.ident, names.key_variable);
        quote! {
            if !self.has_credential(0) {
                return Err(Error::config(#message));
            }
        }
    });
    quote! {
        impl ClientBuilder {
            #(#schemes)*
            #(#variables)*

            /// The client.
            ///
            /// # Errors
            ///
            /// When a setting is missing or is no valid one.
            pub fn build(self) -> Result<Client, Error> {
                #required
                let core = self.into_core();
                core.check()?;
                Ok(Client { core: Arc::new(core) })
            }
        }
    }
}

/// The setters of a security scheme.
fn credential(index: usize, scheme: &Scheme) -> TokenStream {
    let index = proc_macro2::Literal::usize_unsuffixed(index);
    let ident = path(scheme.ident.as_str());
    let words = match &scheme.place {
        CredentialPlace::Certificate => return TokenStream::new(),
        CredentialPlace::Basic => {
            return quote! {
                /// Sets user and password, which go out by the scheme `Basic`.
                #[must_use]
                pub fn #ident(self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
                    self.set_basic(#index, user.as_ref(), password.as_ref())
                }
            };
        }
        CredentialPlace::Header(name) => format!("Sets the key, which goes out as the header `{name}`."),
        CredentialPlace::Prefixed { header, prefix } => {
            format!("Sets the key, which goes out in the header `{header}` after `{prefix}`.")
        }
        CredentialPlace::Bearer => "Sets the key, which goes out as a bearer token.".to_owned(),
        CredentialPlace::Authorization(name) => {
            format!("Sets what goes out in the header `authorization` after `{name}`.")
        }
        CredentialPlace::Query(name) => format!("Sets the key, which goes out as the query parameter `{name}`."),
        CredentialPlace::Cookie(name) => format!("Sets the key, which goes out as the cookie `{name}`."),
    };
    let docs = docs(&Docs::default().paragraph(words));
    let client = scheme.client_credentials.as_ref().map(|flow| {
        let [ident, scoped] = [&flow.ident, &flow.scoped].map(|ident| path(ident.as_str()));
        let (token_url, scopes) = (&flow.token_url, &flow.scopes);
        let all = (!scopes.is_empty()).then(|| quote!(.scoped([#(#scopes),*])));
        quote! {
            /// Sets the client that asks for the tokens (OAuth 2.0, client credentials); they are renewed in time.
            #[must_use]
            pub fn #ident(self, client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
                self.set_token_source(#index, ClientCredentials::new(#token_url, client_id, client_secret)#all)
            }

            /// The same, for tokens of these scopes in place of all that the API's document names.
            #[must_use]
            pub fn #scoped(
                self,
                client_id: impl Into<String>,
                client_secret: impl Into<String>,
                scopes: impl IntoIterator<Item = impl AsRef<str>>,
            ) -> Self {
                let client = ClientCredentials::new(#token_url, client_id, client_secret);
                self.set_token_source(#index, client.scoped(scopes))
            }
        }
    });
    quote! {
        #docs
        #[must_use]
        pub fn #ident(self, key: impl Into<String>) -> Self {
            self.set_credential(#index, key)
        }
        #client
    }
}

/// The servers by name, where there are several.
pub(super) fn servers(api: &Api) -> Option<Module> {
    if api.servers.named.is_empty() {
        return None;
    }
    let words = "The servers of the API, for [`ClientBuilder::base_url`](crate::ClientBuilder::base_url).";
    let mut module = Module::new(Docs::default().paragraph(words));
    for server in &api.servers.named {
        let docs = docs(&server.docs.or(format!("`{}`", server.url)));
        let (ident, url) = (path(server.ident.as_str()), &server.url);
        module.push(quote!(#docs pub const #ident: &str = #url;));
    }
    Some(module)
}
