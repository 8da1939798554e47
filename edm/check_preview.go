package edm

import "strings"

// preview checks where an exception sends the user. [TDD 4.5.3]
func (c *checker) preview(x *Exception, here *place) {
	c.fatal("R-EDM-ERR-C022", x.Code == MissingAuthorization && x.Severity == SeverityPreviewRequired, here, "PreviewLocation", "",
		"a preview only with EDM:ERR:0002 and severity PreviewRequired")
	c.fatal("R-EDM-ERR-C019", c.startsHTTPS(x.Preview.Location), here, "PreviewLocation", "", "an https:// address")
	c.fatal("R-EDM-ERR-C021", c.previewMethod(x.Preview.Method), here, "PreviewMethod", x.Preview.Method, "GET, POST or, since 1.1, PUT")
	c.texts(x.Preview.Descriptions, "R-EDM-ERR-C020", "R-EDM-ERR-C020", "", here, "PreviewDescription/Value/LocalizedString")
	c.noLanguageTwice(x.Preview.Descriptions, here, "PreviewDescription/Value/LocalizedString")
}

// startsHTTPS looks at the address without case; 1.0 does with it.
func (c *checker) startsHTTPS(address string) bool {
	const scheme = "https://"
	if c.Before(V11) {
		return strings.HasPrefix(address, scheme)
	}
	return len(address) >= len(scheme) && strings.EqualFold(address[:len(scheme)], scheme)
}

// previewMethod allows the verbs of the line. None stands for GET: the writer says so. [R-EDM-ERR-S031]
func (c *checker) previewMethod(verb string) bool {
	switch verb {
	case "", "GET", "POST":
		return true
	case "PUT":
		return !c.Before(V11)
	}
	return false
}
