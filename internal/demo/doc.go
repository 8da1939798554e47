// Package demo is the content of the demonstration: two Member States, their authorities, their test
// persons with an outcome on demand each, and the catalogue of the directories. Everything is invented but
// the codes of procedures and the identifiers of requirements.
package demo
