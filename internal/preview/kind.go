package preview

import "oots/edm"

// Kind is what a document is in its package.
func (p *documentPage) Kind(k edm.DocumentKind) string {
	switch k {
	case edm.HumanReadableVersion:
		return p.T("preview/kind.readable")
	case edm.Translation:
		return p.T("preview/kind.translation")
	case edm.Annex:
		return p.T("preview/kind.annex")
	}
	return p.T("preview/kind.main")
}
