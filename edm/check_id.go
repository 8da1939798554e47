package edm

// IsURNUUID applies the form of identifiers of messages and objects, which 1.0 does not anchor at the start.
// [R-EDM-RESP-S004, R-EDM-RESP-S037, R-EDM-ERR-S004]
func (s Ruleset) IsURNUUID(v string) bool {
	const n = len(uuidPrefix) + 36
	if s.Before(V11) && len(v) > n {
		v = v[len(v)-n:]
	}
	return IsURNUUID(v)
}

// IsBareUUID applies the form of identifiers of answers. Not anchored in 1.0, whose senders write urn:uuid: before
// it. [R-EDM-RESP-C003, R-EDM-ERR-C002] [open-questions C6]
func (s Ruleset) IsBareUUID(v string) bool { return IsUUID(v) || s.Before(V11) && endsInUUID(v) }
