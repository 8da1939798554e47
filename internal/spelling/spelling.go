// Package spelling is the kit for what a user has probably meant to type.
package spelling

// longest bounds what Distance compares, in bytes.
const longest = 100

// Distance is the number of bytes to insert, remove or replace to make b of a. [Levenshtein] Words above a hundred bytes are
// as far from everything as they are long.
func Distance(a, b string) int {
	if len(a) > longest || len(b) > longest {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
