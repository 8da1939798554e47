// Package zeep lets a client of another make use our interface for back ends: zeep, which builds its calls from our
// WSDL and schemas alone. It runs submit → pending → retrieve → status between two access points over TLS, and reads
// our faults.
//
// There is no Go code in it but tests. The client is client.py, which runs in a virtual environment:
//
//	python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
package zeep
