package coordinator

// kindsName is the heading of the records of a kind.
func kindsName(v *visit, k kind) string {
	switch k {
	case kindProcedure:
		return v.T("coordinator/kind.procedures")
	case kindList:
		return v.T("coordinator/kind.lists")
	case kindType:
		return v.T("coordinator/kind.types")
	case kindProvider:
		return v.T("coordinator/kind.providers")
	case kindAccess:
		return v.T("coordinator/kind.accessPoints")
	case kindService:
		return v.T("coordinator/kind.services")
	}
	return v.T("coordinator/kind.schemes")
}

// kindName is one record of a kind.
func kindName(v *visit, k kind) string {
	switch k {
	case kindProcedure:
		return v.T("coordinator/kind.procedure")
	case kindList:
		return v.T("coordinator/kind.list")
	case kindType:
		return v.T("coordinator/kind.type")
	case kindProvider:
		return v.T("coordinator/kind.provider")
	case kindAccess:
		return v.T("coordinator/kind.accessPoint")
	case kindService:
		return v.T("coordinator/kind.service")
	}
	return v.T("coordinator/kind.scheme")
}

// newName is the button and heading of a new record.
func newName(v *visit, k kind) string {
	switch k {
	case kindProcedure:
		return v.T("coordinator/kind.newProcedure")
	case kindList:
		return v.T("coordinator/kind.newList")
	case kindService:
		return v.T("coordinator/kind.newService")
	}
	return v.T("coordinator/kind.newScheme")
}

// kindHint says what a kind is.
func kindHint(v *visit, k kind) string {
	switch k {
	case kindProcedure:
		return v.T("coordinator/kind.procedureHint")
	case kindList:
		return v.T("coordinator/kind.listHint")
	case kindType:
		return v.T("coordinator/kind.typeHint")
	case kindProvider:
		return v.T("coordinator/kind.providerHint")
	case kindAccess:
		return v.T("coordinator/kind.accessHint")
	case kindService:
		return v.T("coordinator/kind.serviceHint")
	}
	return v.T("coordinator/kind.schemeHint")
}
