package coordinator

// actionName is an action of the log in words.
func actionName(v *visit, a Action) string {
	switch a {
	case ActLogin:
		return v.T("coordinator/action.login")
	case ActFailed:
		return v.T("coordinator/action.failed")
	case ActInvite:
		return v.T("coordinator/action.invite")
	case ActPassword:
		return v.T("coordinator/action.password")
	case ActDisable:
		return v.T("coordinator/action.disable")
	case ActEnable:
		return v.T("coordinator/action.enable")
	case ActEdit:
		return v.T("coordinator/action.edit")
	case ActRemove:
		return v.T("coordinator/action.remove")
	case ActDiscard:
		return v.T("coordinator/action.discard")
	case ActRebase:
		return v.T("coordinator/action.rebase")
	case ActSubmit:
		return v.T("coordinator/action.submit")
	case ActRefused:
		return v.T("coordinator/action.refused")
	case ActRestore:
		return v.T("coordinator/action.restore")
	}
	return string(a)
}
