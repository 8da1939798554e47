// Package query is the query interface of the Common Services: the three queries of Evidence Broker and
// Data Service Directory, their parameters, their answers in RegRep, and the HTTP exchange around them.
// [TDD 3.1.4, 3.2.4, 3.6.2]
//
//	GET <base>rest/search?queryId=<query id>[&<name>=<value>]*
//	Accept: application/x-ebrs+xml
//	Accept-Version: oots-cs:v2.0
//
// Parse and Server are the server's half, Request.URL and Read the client's. Selecting records is package
// directory, signing is package jades, the write side (LCM) is elsewhere.
//
// Of the release lines of oots-cs only v2.0 is served and asked for; another line is one more shape.
package query
