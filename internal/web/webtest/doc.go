// Package webtest looks at screens the way a browser, a screen reader and a translator would: it reads
// the HTML of a page, holds it to the rules of the house, follows links and fills in forms, and compares
// catalogues with the files that say their texts. Only tests import it.
package webtest
