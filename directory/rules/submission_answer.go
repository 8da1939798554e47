package rules

import (
	"oots/regrep"
)

// submitSuccessRoot are the rules on the root element of answers to submissions that were taken.
func submitSuccessRoot() []check {
	return []check{
		{"R-LCM-SUC-001", always, "", rootName("RegistryResponse")},
		{"R-LCM-SUC-002", always, "", rootSpace(regrep.NamespaceRS)},
	}
}

func submitSuccess() []check {
	return []check{
		{"R-LCM-SUC-003", always, "", attr("requestId")},
		{"R-LCM-SUC-004", always, "", urnUUID("requestId")},
		{"R-LCM-SUC-005", always, "", attr("status")},
		{"R-LCM-SUC-006", always, "", attrIs("status", regrep.StatusSuccess)},
		{"R-LCM-SUC-007", always, "", none("rim:RegistryObjectList")},
		{"R-LCM-SUC-008", always, "", noSlots()},
	}
}

// submitFailureRoot are the rules on the root element of answers to submissions that were refused.
func submitFailureRoot() []check {
	return []check{
		{"R-LCM-ERR-001", always, "", rootName("RegistryResponse")},
		{"R-LCM-ERR-002", always, "", rootSpace(regrep.NamespaceRS)},
	}
}

func submitFailure() []check {
	return []check{
		{"R-LCM-ERR-003", always, "", submissionNamed()},
		{"R-LCM-ERR-004", always, "", urnUUID("requestId")},
		{"R-LCM-ERR-005", always, "", attr("status")},
		{"R-LCM-ERR-006", always, "", attrIs("status", regrep.StatusFailure)},
		{"R-LCM-ERR-007", always, "", none("rim:RegistryObjectList")},
		{"R-LCM-ERR-008", always, "", some("rs:Exception")},
		{"R-LCM-ERR-009", always, exception, xsiType()},
		{"R-LCM-ERR-010", always, exception, lcmType()},
		{"R-LCM-ERR-011", always, exception, plainSeverity()},
		{"R-LCM-ERR-012", always, exception, attrIs("severity", regrep.SeverityError)},
		{"R-LCM-ERR-013", always, exception, attr("message")},
		{"R-LCM-ERR-015", always, exception, attr("code")},
		{"R-LCM-ERR-016", always, exception, lcmCode()},
		{"R-LCM-ERR-017", always, "", noSlots()},
	}
}
