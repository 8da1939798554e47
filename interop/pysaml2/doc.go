// Package pysaml2 lets our SAML talk with another make: pysaml2, in both roles. It asks our service with requested
// attributes and reads our encrypted answer; it answers our request, and we read what it encrypted. [eIDAS Message
// Format 1.4]
//
// There is no Go code in it but tests. The other side is peer.py, which runs in a virtual environment:
//
//	python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
//
// pysaml2 leaves cryptography to xmlsec1, whose releases before 1.3 know neither RSA-PSS nor key agreement: the two
// makes meet at RSA with SHA-256 and RSA-OAEP with AES-GCM, which our strict policy refuses and the lenient takes.
package pysaml2
