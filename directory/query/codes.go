package query

import "oots/regrep"

// A CodeRow is one row of EBErrorCodes or DSDErrorCodes. [TDD 3.1.4, 3.2.4]
type CodeRow struct {
	Code      string
	Type      string // xsi:type
	Message   string // as published
	Severity  string
	Withdrawn bool // not in 2.0
}

// SeverityAdditionalInput marks the question of DSD:ERR:0005. [R-DSD-ERR-C025]
const SeverityAdditionalInput = "urn:sr.oots.tech.ec.europa.eu:codes:ErrorSeverity:DSDErrorResponse:AdditionalInput"

const (
	notFound       = "rs:ObjectNotFoundExceptionType"
	invalidRequest = "rs:InvalidRequestExceptionType"
)

// Table holds the error codes of both services and the one code found of the family common to all
// services.
var Table = [...]CodeRow{
	{"EB:ERR:0001", notFound, "The result set is empty", regrep.SeverityError, false},
	{"EB:ERR:0002", notFound, "The requirement requested, represented by the requirement id, does not exist", regrep.SeverityError, false},
	{"EB:ERR:0003", invalidRequest, "The query parameters do not follow the query specification", regrep.SeverityError, false},
	{"EB:ERR:0004", invalidRequest, "The jurisdiction level code query parameter is invalid or unknown", regrep.SeverityError, true},
	{"EB:ERR:0005", invalidRequest, "The value of the procedure-id query parameter is invalid or unknown", regrep.SeverityError, false},
	{"EB:ERR:0006", invalidRequest, "The value of the procedure implementation country query parameter is invalid or unknown", regrep.SeverityError, false},
	{"EB:ERR:0007", invalidRequest, "The requested Query does not exist", regrep.SeverityError, false},
	{"DSD:ERR:0001", notFound, "No Data Services were found based on the given parameters", regrep.SeverityError, false},
	{"DSD:ERR:0002", notFound, "The Evidence Type requested cannot be found", regrep.SeverityError, false},
	{"DSD:ERR:0003", invalidRequest, "The query parameters do not follow the query specification", regrep.SeverityError, false},
	{"DSD:ERR:0004", invalidRequest, "The requested Query does not exist", regrep.SeverityError, false},
	{CodeQuestion, notFound, "The query requires the included extra attributes to be provided by the user", SeverityAdditionalInput, false},
	{"DSD:ERR:0006", invalidRequest, "Incorrect provided value for requested parameters", regrep.SeverityError, false},
	{CodeGeneric, invalidRequest, "Generic Error", regrep.SeverityError, false},
}

const (
	// CodeQuestion is the code of a directory.Question.
	CodeQuestion = "DSD:ERR:0005"
	// CodeGeneric covers a fault that no specific code does.
	CodeGeneric = "SERVICE:ERR:0001"
)

// Row returns the row of a code, and whether there is one.
func Row(code string) (CodeRow, bool) {
	for _, r := range Table {
		if r.Code == code {
			return r, true
		}
	}
	return CodeRow{}, false
}

// The faults that Parse finds, as each service numbers them.
func (s Service) codeParameters() string {
	if s == EB {
		return "EB:ERR:0003"
	}
	return "DSD:ERR:0003"
}

func (s Service) codeQuery() string {
	if s == EB {
		return "EB:ERR:0007"
	}
	return "DSD:ERR:0004"
}
