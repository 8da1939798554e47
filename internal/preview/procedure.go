package preview

// procedureName says what a procedure is for by its code of the code list Procedures, in the words of this
// side: the request carries only the code. An unknown code names itself. [SDGR Annex II] [TDD 3.4]
func procedureName(v *visit, code string) string {
	switch code {
	case "00":
		return v.T("preview/procedure.00")
	case "R1":
		return v.T("preview/procedure.R1")
	case "S1":
		return v.T("preview/procedure.S1")
	case "T1":
		return v.T("preview/procedure.T1")
	case "T2":
		return v.T("preview/procedure.T2")
	case "T3":
		return v.T("preview/procedure.T3")
	case "U1":
		return v.T("preview/procedure.U1")
	case "U2":
		return v.T("preview/procedure.U2")
	case "U3":
		return v.T("preview/procedure.U3")
	case "U4":
		return v.T("preview/procedure.U4")
	case "V1":
		return v.T("preview/procedure.V1")
	case "V2":
		return v.T("preview/procedure.V2")
	case "V3":
		return v.T("preview/procedure.V3")
	case "V4":
		return v.T("preview/procedure.V4")
	case "V5":
		return v.T("preview/procedure.V5")
	case "W1":
		return v.T("preview/procedure.W1")
	case "W2":
		return v.T("preview/procedure.W2")
	case "X1":
		return v.T("preview/procedure.X1")
	case "X2":
		return v.T("preview/procedure.X2")
	case "X3":
		return v.T("preview/procedure.X3")
	case "X4":
		return v.T("preview/procedure.X4")
	case "X5":
		return v.T("preview/procedure.X5")
	case "X6":
		return v.T("preview/procedure.X6")
	case "X7":
		return v.T("preview/procedure.X7")
	case "X9":
		return v.T("preview/procedure.X9")
	case "X10":
		return v.T("preview/procedure.X10")
	case "X11":
		return v.T("preview/procedure.X11")
	case "AM1":
		return v.T("preview/procedure.AM1")
	}
	return code
}
