package portal

import "oots/edm"

// level names a level of assurance.
func level(v *visit, l edm.LoA) string {
	switch l {
	case edm.High:
		return v.T("portal/level.high")
	case edm.Substantial:
		return v.T("portal/level.substantial")
	}
	return v.T("portal/level.low")
}
