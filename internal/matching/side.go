package matching

// A side is a person of one side, cut into words.
type side struct {
	person    *Person
	declared  *Person // what the user said; of a register nothing
	family    forms
	given     forms
	former    []forms
	birth     name    // the family name within BirthName
	said      []forms // former names that the user claims
	single    bool    // one name only
	only      forms   // that name
	countries []string
}

// read cuts the names of a person.
func (m *Matcher) read(p *Person, declared *Person, countries []string) *side {
	l := m.lexicon
	s := &side{person: p, declared: declared, countries: countries}
	s.family = forms{latin: l.family(p.FamilyName, countries...)}
	if p.OriginalFamilyName != "" && p.OriginalFamilyName != p.FamilyName {
		s.family.original = l.family(p.OriginalFamilyName, countries...)
	}
	s.given = forms{latin: l.given(p.GivenName, countries...)}
	if p.OriginalGivenName != "" && p.OriginalGivenName != p.GivenName {
		s.given.original = l.given(p.OriginalGivenName, countries...)
	}
	s.onlyName()
	for _, f := range p.FormerFamilyNames {
		s.former = append(s.former, forms{latin: l.family(f, countries...)})
	}
	if p.BirthName != "" {
		s.birth = l.birthFamily(p.BirthName, &s.given, countries)
		s.former = append(s.former, forms{latin: s.birth})
	}
	if p.OriginalBirthName != "" && p.OriginalBirthName != p.BirthName {
		s.former = append(s.former, forms{original: l.birthFamily(p.OriginalBirthName, &s.given, countries)})
	}
	if declared != nil {
		for _, f := range declared.FormerFamilyNames {
			s.said = append(s.said, forms{latin: l.family(f, countries...)})
		}
	}
	return s
}

// onlyName finds who has one name: the other field is empty, a dash, or the same again.
// [record-matching §5 step 9]
func (s *side) onlyName() {
	switch noFamily, noGiven := s.family.missing(), s.given.missing(); {
	case noFamily == noGiven:
		if !noFamily && sameWords(s.family.latin.words, s.given.latin.words) {
			s.single, s.only = true, s.family
		}
	case noFamily:
		s.single, s.only = true, s.given
	default:
		s.single, s.only = true, s.family
	}
}

// birthFamily is the family name within a name at birth: the words that are no given name of the person. They
// come in any order, so that their places say nothing. [record-matching §5 step 11]
func (l *lexicon) birthFamily(s string, given *forms, countries []string) name {
	n := l.family(s, countries...)
	known := append(append([]word{}, given.latin.words...), given.original.words...)
	var rest []word
	for i, w := range n.words {
		is := false
		for j := range known {
			is = is || sameWords(n.words[i:i+1], known[j:j+1])
		}
		if !is {
			rest = append(rest, w)
		}
	}
	if len(rest) == 0 {
		return n
	}
	n.words, n.core = rest, nil
	for _, w := range rest {
		if !w.particle {
			n.core = append(n.core, w)
		}
	}
	if len(n.core) == 0 {
		n.core = rest
	}
	return n
}

// gradeFamilies is the best grade of any family name of one side with any of the other: now, before, at birth.
// A name that only the user claims makes close at best. [record-matching §5 step 8]
func (m *Matcher) gradeFamilies(q, e *side) Grade {
	best := q.family.compare(&e.family, m.lexicon.gradeFamily)
	better := func(g Grade) {
		if g != Missing && (best == Missing || g < best) {
			best = g
		}
	}
	if q.family.mixed() || e.family.mixed() {
		return Disagree
	}
	for i := range e.former {
		better(q.family.compare(&e.former[i], m.lexicon.gradeFamily))
	}
	for i := range q.former {
		better(q.former[i].compare(&e.family, m.lexicon.gradeFamily))
		for j := range e.former {
			better(q.former[i].compare(&e.former[j], m.lexicon.gradeFamily))
		}
	}
	for i := range q.said {
		for _, f := range append([]forms{e.family}, e.former...) {
			if q.said[i].compare(&f, m.lexicon.gradeFamily) == Agree {
				better(Declared)
			}
		}
	}
	return best
}

// gradeSingle compares the only names of two people with one name each.
func (m *Matcher) gradeSingle(q, e *side) Grade {
	switch {
	case !q.single || !e.single:
		return Missing
	case q.only.compare(&e.only, m.lexicon.gradeFamily) == Agree:
		return Agree
	}
	return Disagree
}
