// Package query is the query interface of the Common Services: the three queries of Evidence Broker and
// Data Service Directory, their parameters, their answers in RegRep, and the HTTP exchange around them, in
// every release line of oots-cs. [TDD 3.1.4, 3.2.4, 3.6.2]
//
//	GET <base>rest/search?queryId=<query id>[&<name>=<value>]*
//	Accept: application/x-ebrs+xml
//	Accept-Version: oots-cs:v2.0
//
// Parse and Server are the server's half, Request.URL and Read the client's. Selecting records is package
// directory, writing them is package directoryxml, signing is package jades, the write side (LCM) is package
// lcm.
package query
