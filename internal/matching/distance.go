package matching

// Letters from which on two mistakes are still close, and how many mistakes are. [record-matching §5]
const longName = 8

// closeSpelling reports whether two words differ in so little that a clerk may have done it: one letter, two
// in long words; never the first one.
func closeSpelling(a, b string) bool {
	if a == b || a == "" || b == "" || a[0] != b[0] {
		return false
	}
	allowed := 1
	if max(len(a), len(b)) >= longName {
		allowed = 2
	}
	d := len(a) - len(b)
	if d > allowed || -d > allowed {
		return false
	}
	return distance([]rune(a), []rune(b)) <= allowed
}

// distance is the Damerau–Levenshtein distance (optimal string alignment).
func distance(a, b []rune) int {
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
