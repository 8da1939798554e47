package ebms

// The codes that this implementation raises itself; Table has all of them.
const (
	ValueNotRecognized     = "EBMS:0001"
	ValueInconsistent      = "EBMS:0003"
	Other                  = "EBMS:0004"
	ConnectionFailure      = "EBMS:0005"
	MimeInconsistency      = "EBMS:0007"
	FeatureNotSupported    = "EBMS:0008"
	InvalidHeader          = "EBMS:0009"
	ProcessingModeMismatch = "EBMS:0010"
	ExternalPayloadError   = "EBMS:0011"
	FailedAuthentication   = "EBMS:0101"
	FailedDecryption       = "EBMS:0102"
	PolicyNoncompliance    = "EBMS:0103"
	DeliveryFailure        = "EBMS:0202"
	MissingReceipt         = "EBMS:0301"
	InvalidReceipt         = "EBMS:0302"
	DecompressionFailure   = "EBMS:0303"
)

// Severities on the wire, in the lower case of the schema.
const (
	SeverityFailure = "failure"
	SeverityWarning = "warning"
)

// A Row is one error of the specification.
type Row struct {
	Code             string // "EBMS:" and four digits
	ShortDescription string
	Severity         string // SeverityFailure or SeverityWarning
	Category         string // Content, Unpackaging, Processing or Communication
	Origin           string // ebMS, security or reliability
	Raised           string // when, in our words
}

// Table has one row per error of [ebMS3 §6.7], [AS4 §3.2] and [ebMS3 Part 2 §4.7], those included that
// this implementation never emits. Treat it as constant.
var Table = [...]Row{
	{"EBMS:0001", "ValueNotRecognized", "failure", "Content", "ebMS", "service, action, agreement, channel or role unknown"},
	{"EBMS:0002", "FeatureNotSupported", "warning", "Content", "ebMS", "an optional feature is not supported, processing goes on"},
	{"EBMS:0003", "ValueInconsistent", "failure", "Content", "ebMS", "party unknown, values that contradict each other or their type"},
	{"EBMS:0004", "Other", "failure", "Content", "ebMS", "anything else"},
	{"EBMS:0005", "ConnectionFailure", "failure", "Communication", "ebMS", "the peer cannot be reached; local only"},
	{"EBMS:0006", "EmptyMessagePartitionChannel", "warning", "Communication", "ebMS", "pull from an empty channel"},
	{"EBMS:0007", "MimeInconsistency", "failure", "Unpackaging", "ebMS", "multipart broken, Content-ID missing or repeated"},
	{"EBMS:0008", "FeatureNotSupported", "failure", "Unpackaging", "ebMS", "element present or absent against the profile, such as a payload in the SOAP Body"},
	{"EBMS:0009", "InvalidHeader", "failure", "Unpackaging", "ebMS", "header not well-formed or against its schema"},
	{"EBMS:0010", "ProcessingModeMismatch", "failure", "Processing", "ebMS", "no P-Mode for the combination, or its expectations are not met"},
	{"EBMS:0011", "ExternalPayloadError", "failure", "Content", "ebMS", "a PartInfo refers to something that is not in the message"},
	{"EBMS:0020", "RoutingFailure", "failure", "Processing", "ebMS", "an intermediary could not route"},
	{"EBMS:0021", "MPCCapacityExceeded", "failure", "Processing", "ebMS", "an intermediary cannot store the message"},
	{"EBMS:0022", "MessagePersistenceTimeout", "failure", "Processing", "ebMS", "an intermediary waited too long for the pull"},
	{"EBMS:0023", "MessageExpired", "warning", "Processing", "ebMS", "the message expired and was not forwarded"},
	{"EBMS:0030", "BundlingError", "failure", "Content", "ebMS", "a bundle breaks the bundling rules"},
	{"EBMS:0031", "RelatedMessageFailed", "failure", "Processing", "ebMS", "another unit of the bundle failed"},
	{"EBMS:0040", "BadFragmentGroup", "failure", "Content", "ebMS", "fragment of a group that was rejected"},
	{"EBMS:0041", "DuplicateMessageSize", "failure", "Content", "ebMS", "two fragments of a group state the message size"},
	{"EBMS:0042", "DuplicateFragmentCount", "failure", "Content", "ebMS", "two fragments of a group state the fragment count"},
	{"EBMS:0043", "DuplicateMessageHeader", "failure", "Content", "ebMS", "two fragments of a group state the message header"},
	{"EBMS:0044", "DuplicateAction", "failure", "Content", "ebMS", "two fragments of a group state the action"},
	{"EBMS:0045", "DuplicateCompressionInfo", "failure", "Content", "ebMS", "two fragments of a group state the compression"},
	{"EBMS:0046", "DuplicateFragment", "failure", "Content", "ebMS", "group and fragment number were seen before"},
	{"EBMS:0047", "BadFragmentStructure", "failure", "Unpackaging", "ebMS", "fragment is no MIME part, or the Body is not empty"},
	{"EBMS:0048", "BadFragmentNum", "failure", "Content", "ebMS", "fragment number above the fragment count"},
	{"EBMS:0049", "BadFragmentCount", "failure", "Content", "ebMS", "fragment count below a number already received"},
	{"EBMS:0050", "FragmentSizeExceeded", "warning", "Unpackaging", "ebMS", "fragment bigger than agreed"},
	{"EBMS:0051", "ReceiveIntervalExceeded", "failure", "Unpackaging", "ebMS", "the group was not complete in time"},
	{"EBMS:0052", "BadProperties", "warning", "Unpackaging", "ebMS", "properties in the fragment header that are not agreed"},
	{"EBMS:0053", "HeaderMismatch", "failure", "Unpackaging", "ebMS", "header of a fragment differs from that of the source"},
	{"EBMS:0054", "OutOfStorageSpace", "failure", "Unpackaging", "ebMS", "no space for the group"},
	{"EBMS:0055", "DecompressionError", "failure", "Processing", "ebMS", "the joined message cannot be decompressed"},
	{"EBMS:0060", "ResponseUsing-AlternateMEP", "warning", "Processing", "ebMS", "the responder uses the alternate binding"},
	{"EBMS:0101", "FailedAuthentication", "failure", "Processing", "security", "signature invalid, or its certificate is not the party's"},
	{"EBMS:0102", "FailedDecryption", "failure", "Processing", "security", "a payload cannot be decrypted"},
	{"EBMS:0103", "PolicyNoncompliance", "failure", "Processing", "security", "signature or encryption missing, or not as agreed"},
	{"EBMS:0201", "DysfunctionalReliability", "failure", "Processing", "reliability", "the state of reliable messaging is broken"},
	{"EBMS:0202", "DeliveryFailure", "failure", "Communication", "reliability", "accepted, but processing cannot be completed"},
	{"EBMS:0301", "MissingReceipt", "failure", "Communication", "ebMS", "no receipt after the last attempt"},
	{"EBMS:0302", "InvalidReceipt", "failure", "Communication", "ebMS", "the receipt does not match or is not signed"},
	{"EBMS:0303", "DecompressionFailure", "failure", "Communication", "ebMS", "a payload cannot be decompressed"},
}

// Lookup returns the row of a code, and whether the specification has it.
func Lookup(c string) (Row, bool) {
	for i := range Table {
		if Table[i].Code == c {
			return Table[i], true
		}
	}
	return Row{}, false
}
