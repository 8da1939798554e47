package requester

import (
	"slices"

	"oots/directory"
	"oots/edm"
)

// EveryRequirement stands for each requirement that Settings.Formats says nothing of.
const EveryRequirement = ""

// pdf is what people can read.
const pdf = "application/pdf"

// Distribution returns the index of the form of d in which the evidence for a requirement is asked for: the wished
// media type when d has it, else the first of Settings.Formats that d has, else PDF, else whatever comes first.
// [TDD 4.5.1 §3.7]
func (s *Service) Distribution(requirementID string, d directory.DataService, wished string) int {
	preferred, ok := s.Settings.Formats[requirementID]
	if !ok {
		preferred = s.Settings.Formats[EveryRequirement]
	}
	for _, format := range slices.Concat([]string{wished}, preferred, []string{pdf}) {
		i := slices.IndexFunc(d.Distributions, func(x edm.Distribution) bool { return x.Format == format })
		if i >= 0 && format != "" {
			return i
		}
	}
	return 0
}
