// Package oidc is a login.Method for national gateways that speak OpenID Connect: the code flow with PKCE, claims
// that a table turns into the attributes of a person, and a table of levels. [OpenID Connect Core 1.0] [RFC 9700]
//
// What a gateway says beyond names and dates differs by country, so nothing of it is built in. Encrypted tokens are
// opened by a function of the configuration; PAR and logout are not spoken.
package oidc
