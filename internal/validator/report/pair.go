package report

// A Pair is the JSON form of two documents that belong together.
type Pair struct {
	Name     string `json:"name" doc:"Of the pair, such as REQ_RESP."`
	Title    string `json:"title" doc:"The pair in words."`
	First    string `json:"first" doc:"File of the first document."`
	Second   string `json:"second" doc:"File of the second, in whose report the findings are."`
	Findings int    `json:"findings" doc:"In how many places the second contradicts the first."`
}
