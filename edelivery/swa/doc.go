// Package swa is SOAP with Attachments as AS4 uses it: a SOAP envelope, plain or as the root part of a
// multipart/related body, and the payload parts behind it. [AS4 1.15 §3.2.2] [RFC 2387]
//
// Write emits exact bytes: own boundary, fixed headers, parts in the order given. Reader is strict,
// bounded and streaming: it hands out the root part first, then one part at a time, and reports the end
// only when the close delimiter was read. It knows nothing of ebMS headers, signatures or compression.
//
//	ct := swa.ContentType(root, parts, boundary)
//	err := swa.Write(w, root, parts, boundary)
//
//	m, err := swa.ReadAll(ct, body, swa.Limits{})
package swa
