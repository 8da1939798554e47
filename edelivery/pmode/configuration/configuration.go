// Package configuration is what P-Mode files say: the parties of a network, what they may send each other, and how.
// It reads and writes two forms of the same content, the configuration document of Domibus (5.1 and 5.2) and a YAML
// form of ours; checks it; names every P-Mode in it; and makes a pmode.Set of those that concern us.
// [ebMS3 Appendix D] [AS4 1.15 §3, §4.1]
//
//	c, found := configuration.Parse(b)                    // c is nil when a fault was found
//	for m := range c.Modes(c.Party) { fmt.Println(m.Key()) }
//	set, found := c.Set(configuration.Choice{Certificates: store})
//
// Every element and attribute is a field whose tag says how it is called and what it must be; the readers, the
// writers, the checks of structure and the comparison follow the tags. The package opens no file, knows no key, and
// puts nothing in force.
package configuration

// A Configuration is one P-Mode file.
type Configuration struct {
	Line  int    // of the element in the file, from 1; 0 when it was not read. So in all types below
	Party string `pmode:"party,required" doc:"The access point that this file is for."`

	MPCs               []MPC                `pmode:"mpcs/mpc,some" doc:"Message partition channels, and how long messages are kept in them, in minutes: 0 deletes at once, -1 never."`
	Roles              []Role               `pmode:"businessProcesses/roles/role,some" doc:"Values of eb:Role."`
	PartyIDTypes       []PartyIDType        `pmode:"businessProcesses/parties/partyIdTypes/partyIdType,some" doc:"Types of party ids."`
	Parties            []Party              `pmode:"businessProcesses/parties/party,some" key:"parties" doc:"Access points, their address and their ids."`
	MEPs               []Named              `pmode:"businessProcesses/meps/mep,some" doc:"Message exchange patterns. Only one-way is supported."`
	Bindings           []Binding            `pmode:"businessProcesses/meps/binding,some" doc:"How messages get across. Only push is supported."`
	Properties         []Property           `pmode:"businessProcesses/properties/property" key:"properties" doc:"Message properties; key is the name in the message."`
	PropertySets       []PropertySet        `pmode:"businessProcesses/properties/propertySet" doc:"The properties that belong to a message."`
	Payloads           []Payload            `pmode:"businessProcesses/payloadProfiles/payload" doc:"Payloads; an empty cid is any."`
	PayloadProfiles    []PayloadProfile     `pmode:"businessProcesses/payloadProfiles/payloadProfile" doc:"The payloads that belong to a message; sizes in bytes."`
	Securities         []Security           `pmode:"businessProcesses/securities/security,some" key:"securities" doc:"Signature and encryption. The profile of eDelivery AS4 asks for both."`
	ErrorHandlings     []ErrorHandling      `pmode:"businessProcesses/errorHandlings/errorHandling,some" doc:"Who learns of errors."`
	Agreements         []Agreement          `pmode:"businessProcesses/agreements/agreement,some" doc:"Values of eb:AgreementRef; an empty value is none."`
	Services           []Service            `pmode:"businessProcesses/services/service,some" doc:"Values of eb:Service."`
	Actions            []Action             `pmode:"businessProcesses/actions/action,some" doc:"Values of eb:Action."`
	ReceptionAwareness []ReceptionAwareness `pmode:"businessProcesses/as4/receptionAwareness,some" key:"receptionAwareness" doc:"Repetition: MINUTES;COUNT;CONSTANT, or MINUTES;INITIAL;FACTOR;PROGRESSIVE."`
	Reliabilities      []Reliability        `pmode:"businessProcesses/as4/reliability,some" key:"reliabilities" doc:"Receipts."`
	Splittings         []Splitting          `pmode:"businessProcesses/splittingConfigurations/splitting" doc:"Splitting of large messages, which is not supported."`
	Legs               []Leg                `pmode:"businessProcesses/legConfigurations/legConfiguration,some" doc:"One kind of message each."`
	Processes          []Process            `pmode:"businessProcesses/process,some" key:"processes" doc:"Who may send which legs to whom. Without a list of parties, all may."`
}

// An MPC is a message partition channel with its retention, in minutes: 0 is at once, -1 is never.
type MPC struct {
	Line                    int
	Name                    string `pmode:"name,required"`
	QualifiedName           string `pmode:"qualifiedName,required,unique"`
	Enabled                 bool   `pmode:"enabled,required"`
	Default                 bool   `pmode:"default,required"`
	RetentionDownloaded     int    `pmode:"retention_downloaded,required"`
	RetentionUndownloaded   int    `pmode:"retention_undownloaded,required"`
	RetentionSent           int    `pmode:"retention_sent,default=-1"`
	RetentionSentSuccess    int    `pmode:"retention_sent_success,default=-1"` // 5.2
	RetentionSentFailure    int    `pmode:"retention_sent_failure,default=-1"` // 5.2
	RetentionMetadataOffset int    `pmode:"retention_metadata_offset"`
	DeleteMessageMetadata   bool   `pmode:"delete_message_metadata"`
	MaxBatchDelete          int    `pmode:"max_batch_delete,default=-1"`
}

// A Role is a value of eb:Role under a name.
type Role struct {
	Line  int
	Name  string `pmode:"name,required"`
	Value string `pmode:"value,required"`
}

// A PartyIDType is a type of party ids under a name.
type PartyIDType struct {
	Line  int
	Name  string `pmode:"name,required,empty"`
	Value string `pmode:"value,required,uri,empty,unique"`
}

// A Party is an access point.
type Party struct {
	Line          int
	Name          string       `pmode:"name,required"`
	Endpoint      string       `pmode:"endpoint,required,uri,empty"`
	UserName      string       `pmode:"userName"`
	Password      string       `pmode:"password,secret"`
	AllowChunking string       `pmode:"allowChunking"`
	Identifiers   []Identifier `pmode:"identifier,some"`
}

// An Identifier is one id of a party; PartyIDType is the name of its type, "" for none.
type Identifier struct {
	Line        int
	PartyID     string `pmode:"partyId,required"`
	PartyIDType string `pmode:"partyIdType,ref=PartyIDTypes"`
}

// A Named is a name with a URI: a message exchange pattern.
type Named struct {
	Line  int
	Name  string `pmode:"name,required"`
	Value string `pmode:"value,required,uri,unique"`
	Legs  int    `pmode:"legs,default=1"`
}

// A Binding is how the messages of a pattern get across.
type Binding struct {
	Line  int
	Name  string `pmode:"name,required"`
	Value string `pmode:"value,required,uri,unique"`
}

// A Property defines a message property; Key is its name in messages.
type Property struct {
	Line     int
	Name     string `pmode:"name,required"`
	Key      string `pmode:"key,required"`
	Datatype string `pmode:"datatype,required"`
	Required bool   `pmode:"required,required"`
}

// A PropertySet is the message properties of a leg.
type PropertySet struct {
	Line int
	Name string      `pmode:"name,required"`
	Refs []Reference `pmode:"propertyRef,some,ref=Properties" attr:"property" key:"properties"`
}

// A Reference names another element.
type Reference struct {
	Line int
	Name string `pmode:"name,required"`
}

// A Payload defines a payload of messages; sizes are bytes, 0 for no limit.
type Payload struct {
	Line       int
	Name       string `pmode:"name,required"`
	CID        string `pmode:"cid,required,empty"`
	MimeType   string `pmode:"mimeType"`
	InBody     string `pmode:"inBody"`
	SchemaFile string `pmode:"schemaFile,uri"`
	MaxSize    int64  `pmode:"maxSize"`
	Required   bool   `pmode:"required,required"`
}

// A PayloadProfile is the payloads of a leg; the size is bytes.
type PayloadProfile struct {
	Line        int
	Name        string      `pmode:"name,required"`
	MaxSize     int64       `pmode:"maxSize,required"`
	Attachments []Reference `pmode:"attachment,some,ref=Payloads"`
}

// A Security is how messages are signed and encrypted: by the name of a policy file up to 5.1, by a profile after.
type Security struct {
	Line            int
	Name            string `pmode:"name,required"`
	Policy          string `pmode:"policy"`
	SignatureMethod string `pmode:"signatureMethod"`
	Profile         string `pmode:"profile"`
}

// An ErrorHandling says who learns of errors.
type ErrorHandling struct {
	Line                          int
	Name                          string `pmode:"name,required"`
	ErrorAsResponse               bool   `pmode:"errorAsResponse,required"`
	BusinessErrorNotifyProducer   bool   `pmode:"businessErrorNotifyProducer,required"`
	BusinessErrorNotifyConsumer   bool   `pmode:"businessErrorNotifyConsumer,required"`
	DeliveryFailureNotifyProducer bool   `pmode:"deliveryFailureNotifyProducer,required"`
}

// An Agreement is a value of eb:AgreementRef; an empty one means that the element is left out.
type Agreement struct {
	Line  int
	Name  string `pmode:"name,required"`
	Value string `pmode:"value,required,empty"`
	Type  string `pmode:"type"`
}

// A Service is a value of eb:Service.
type Service struct {
	Line  int
	Name  string `pmode:"name,required"`
	Value string `pmode:"value,required"`
	Type  string `pmode:"type"`
}

// An Action is a value of eb:Action.
type Action struct {
	Line  int
	Name  string `pmode:"name,required"`
	Value string `pmode:"value,required"`
}

// A ReceptionAwareness is repetition and the detection of duplicates; see pmode.ParseRetry.
type ReceptionAwareness struct {
	Line               int
	Name               string `pmode:"name,required"`
	Retry              string `pmode:"retry"`
	DuplicateDetection bool   `pmode:"duplicateDetection"`
}

// A Reliability is what receipts are and how they come: "response" or "callback".
type Reliability struct {
	Line           int
	Name           string `pmode:"name,required"`
	ReplyPattern   string `pmode:"replyPattern,required"`
	NonRepudiation bool   `pmode:"nonRepudiation,required"`
}

// A Splitting is how large messages are cut: megabytes, minutes.
type Splitting struct {
	Line                 int
	Name                 string `pmode:"name,required"`
	FragmentSize         int    `pmode:"fragmentSize,required"`
	Compression          bool   `pmode:"compression,required"`
	CompressionAlgorithm string `pmode:"compressionAlgorithm"`
	JoinInterval         int    `pmode:"joinInterval,required"`
}

// A Leg is one kind of message; its fields name other elements.
type Leg struct {
	Line               int
	Name               string `pmode:"name,required"`
	Service            string `pmode:"service,required,ref=Services"`
	Action             string `pmode:"action,required,ref=Actions"`
	Security           string `pmode:"security,required,ref=Securities"`
	DefaultMPC         string `pmode:"defaultMpc,required,ref=MPCs"`
	ReceptionAwareness string `pmode:"receptionAwareness,required,ref=ReceptionAwareness"`
	Reliability        string `pmode:"reliability,required,ref=Reliabilities"`
	PropertySet        string `pmode:"propertySet,ref=PropertySets"`
	PayloadProfile     string `pmode:"payloadProfile,ref=PayloadProfiles"`
	ErrorHandling      string `pmode:"errorHandling,required,ref=ErrorHandlings"`
	CompressPayloads   bool   `pmode:"compressPayloads,required"`
	Splitting          string `pmode:"splitting,ref=Splittings"`
}

// A Process lets its initiators send its legs to its responders. A list that is nil is open: any party may.
type Process struct {
	Line          int
	Name          string      `pmode:"name,required"`
	Agreement     string      `pmode:"agreement,ref=Agreements"`
	MEP           string      `pmode:"mep,required,ref=MEPs"`
	Binding       string      `pmode:"binding,required,ref=Bindings"`
	InitiatorRole string      `pmode:"initiatorRole,required,ref=Roles"`
	ResponderRole string      `pmode:"responderRole,required,ref=Roles"`
	Initiators    []Reference `pmode:"initiatorParties/initiatorParty,ref=Parties" key:"initiatorParties"`
	Responders    []Reference `pmode:"responderParties/responderParty,ref=Parties" key:"responderParties"`
	Legs          []Reference `pmode:"legs/leg,some,ref=Legs"`
}
