// Package web is the kit of the screens: typed pages in one frame, translations, sessions, and the
// protections that every page of ours needs. [Directive (EU) 2016/2102] [WCAG 2.2]
//
// A Site is one set of pages: the portal, the preview space, a login. Its handlers receive a Visit, fill
// the struct of their page and Show it; what they cannot do they return as a Problem, which becomes a page
// that says what happened and what to do next, with a reference and never a cause. Pages need no script:
// the content security policy allows none, and no style but our own file.
//
// A text is named by the file that says it: "portal/landing.title" is said in internal/portal, by
// landing.go or templates/landing.html. Package webtest holds screens and catalogues to that.
//
// The package knows HTTP and HTML, and nothing of procedures, evidence or exchanges.
package web
