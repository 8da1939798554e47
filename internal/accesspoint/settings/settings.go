// Package settings is the configuration of an access point: one YAML file, read strictly. Every field is documented
// where it is declared, and nowhere else: the reader, its findings, the reference (Describe) and the commented file of
// a new access point (Append) follow the tags of the types below.
//
// A secret is never a value in the file but a reference, file:PATH or env:NAME. Sizes and times have units. Paths are
// relative to the folder of the file. What is wrong is a Finding with line, field, meaning, and what to try; the
// package opens no file but those that secrets name.
package settings

// Config is the configuration of one access point.
type Config struct {
	Party  string `key:"party" doc:"Name of our party in the P-Mode file. Without it, the one that the file says." example:"AP_AT_01"`
	Domain string `key:"domain" need:"yes" doc:"Domain behind the @ of the ids of messages that are made here." example:"ap.example.org"`
	Node   string `key:"node" doc:"Name of this process in what it has claimed: unique among those that share a store, the same after a restart. Without it, the domain."`

	Data Data `key:"data" doc:"Where messages are kept."`
	Keys Keys `key:"keys" doc:"Our own keys."`

	Partners Partners `key:"partners" doc:"Certificates of the other access points."`
	PModes   PModes   `key:"pmodes" doc:"Who may send which messages to whom. The file is put in force at the first start; later, oots pmode activate does that, and running processes take it up."`
	AS4      AS4      `key:"as4" doc:"The side that other access points see."`
	Backend  Backend  `key:"backend" doc:"The side that the systems behind this access point see, with the operator's console."`
	Monitor  Monitor  `key:"monitor" doc:"Health and figures for machines: /healthz, /readyz, /metrics. They say nothing of messages but counts."`
	Alerts   Alerts   `key:"alerts" doc:"Who is told when something crosses a threshold. The console shows it in any case."`
	Log      Log      `key:"log" doc:"What is written to the standard error. It holds ids of messages, never persons or payloads."`
	Stop     Duration `key:"stop" default:"30s" doc:"How long requests under way may take when the process is told to end."`
}

// Data is where messages are kept.
type Data struct {
	Folder  Path   `key:"folder" default:"data" doc:"Folder with the database and the parts of messages; made when missing. All of it belongs into a backup, and the sealing key does not."`
	Journal Path   `key:"journal" default:"journal" doc:"Folder with the second copy of the log of exchanges, which is kept apart from the database; best on another disk. [TDD 4.8]"`
	DSN     Secret `key:"dsn" doc:"Reference to the address of a PostgreSQL database. This version keeps its data in the folder and refuses it."`
	Least   Size   `key:"least" default:"1GiB" doc:"Free space below which the access point reports that it is not ready."`
}

// Keys are our own.
type Keys struct {
	Sealing Secret `key:"sealing" need:"yes" doc:"The 32 bytes that everything at rest is encrypted with, as they are or in hexadecimal. A file is readable by its owner only. Without this key the data are lost." example:"file:keys/sealing.key"`
	Own     []Own  `key:"own" need:"yes" doc:"What we sign with and what partners encrypt for. The first that is valid signs, all decrypt: put a successor behind it, hand out its certificate, and exchange the two on the day."`
}

// Own is one key store.
type Own struct {
	File     Path   `key:"file" need:"yes" doc:"PEM, PKCS#12 or JKS. PEM may have the key in a file of its own." example:"keys/AP_AT_01.crt.pem"`
	Key      Path   `key:"key" doc:"Private key in PEM, when it is not in the file." example:"keys/AP_AT_01.key.pem"`
	Password Secret `key:"password" doc:"Reference to the password of the store." example:"file:keys/password"`
}

// Partners are the certificates of the other access points.
type Partners struct {
	Stores   []Path            `key:"stores" default:"partners" doc:"Trust stores in PEM, PKCS#12 or JKS, or folders of them. An entry belongs to a party by its alias (for PARTY.crt.pem, the name of the file) or by its common name. A successor lies beside it, as PARTY.2."`
	Password Secret            `key:"password" doc:"Reference to the password of the stores."`
	Subjects map[string]string `key:"subjects" doc:"Common names of parties whose certificates have another name than the party."`
}

// PModes is the file of the first start.
type PModes struct {
	File    Path     `key:"file" default:"pmodes.yaml" doc:"P-Mode file, in the form of Domibus or in YAML. It is read at the first start only."`
	Service string   `key:"service" doc:"Service of a submission that names none. Without it, the first of the P-Modes."`
	Partial bool     `key:"partial" default:"false" doc:"Whether what is not supported of the file is left out. Otherwise such a file is refused."`
	Poll    Duration `key:"poll" default:"10s" doc:"How often the process looks for P-Modes that others have put in force."`
}

// AS4 is the side that other access points see.
type AS4 struct {
	Listen       Address   `key:"listen" default:"0.0.0.0:8443" doc:"Address and port for other access points."`
	Paths        []string  `key:"paths" default:"/as4, /domibus/services/msh" doc:"Where messages are taken. The second is where partners of a deployed access point send them."`
	TLS          ServerTLS `key:"tls" doc:"TLS of the listener. [TDD 3.7]"`
	Trust        []Path    `key:"trust" doc:"Certificates in PEM, or folders of *.pem, that the servers of partners are below, or are. Without it, those of the machine."`
	TrustMachine bool      `key:"trustMachine" default:"false" doc:"Whether those of the machine count besides those of trust."`
	Proxy        string    `key:"proxy" doc:"Proxy towards partners: http://HOST:PORT or https://HOST:PORT, which sees addresses and no content. Without it connections are direct, whatever the environment says." example:"http://proxy.example.org:3128"`
	Client       KeyPair   `key:"client" doc:"Certificate that we show to servers of partners that ask for one."`
	Reading      int       `key:"reading" default:"256" least:"8" doc:"Requests at the same time whose sender is not proven yet; more are told to come again. One address, of IPv6 one network of 64 bits, has an eighth of them at most, unless TLS is off because all come through one proxy."`
	Inbound      int       `key:"inbound" default:"64" least:"1" doc:"Messages at the same time whose sender is proven; more are told to come again."`
	Outbound     int       `key:"outbound" default:"16" least:"1" doc:"Messages that are sent at the same time."`
	Connections  int       `key:"connections" default:"1024" least:"4" doc:"Connections of partners at the same time; more wait. One address, of IPv6 one network of 64 bits, has a quarter of them at most, unless TLS is off because all come through one proxy."`
	Share        Share     `key:"partner" doc:"What one partner may take of all this, so that one that is slow or floods leaves room for the others."`
	Limits       Limits    `key:"limits" doc:"What one message may cost."`
	Poll         Duration  `key:"poll" default:"1s" doc:"How often the process looks for messages that are due."`
}

// Share is what one partner may take.
type Share struct {
	Inbound  int `key:"inbound" default:"16" least:"1" doc:"Messages of it at the same time."`
	Outbound int `key:"outbound" default:"4" least:"1" doc:"Messages that are sent to it at the same time."`
	Rate     int `key:"rate" default:"1000" least:"1" doc:"Messages of it per second, over time."`
	Burst    int `key:"burst" default:"5000" least:"1" doc:"Messages of it that may come faster than that."`
}

// Limits bound one message.
type Limits struct {
	Message Size     `key:"message" default:"4GiB" doc:"Bytes of the HTTP body."`
	Part    Size     `key:"part" default:"2GiB" doc:"Bytes of one payload as transferred."`
	Plain   Size     `key:"plain" default:"8GiB" doc:"Bytes of all payloads when decompressed."`
	Parts   int      `key:"parts" default:"100" least:"1" doc:"Payloads."`
	Idle    Duration `key:"idle" default:"30s" doc:"How long a sender may give nothing."`
}

// ServerTLS is TLS of a listener.
type ServerTLS struct {
	Off         bool     `key:"off" default:"false" doc:"Plain HTTP: behind a proxy that does TLS, and nowhere else."`
	Certificate Path     `key:"certificate" doc:"Certificate of the server in PEM, its issuers behind it. A new file is taken up without a restart." example:"tls/server.crt.pem"`
	Key         Path     `key:"key" doc:"Its private key in PEM." example:"tls/server.key.pem"`
	Minimum     string   `key:"minimum" default:"1.2" enum:"1.2,1.3" doc:"Least version of TLS. [TDD 3.7 §3.2]"`
	Suites      []string `key:"suites" default:"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" doc:"Cipher suites of TLS 1.2. Those of TLS 1.3 cannot be chosen; all are sound. [TDD 3.7 §3.3]"`
	Groups      []string `key:"groups" default:"X25519, P-256, P-384, P-521" doc:"Groups of the key exchange, the preferred first. [TDD 3.7 §3.4]"`
	Clients     string   `key:"clients" default:"none" enum:"none,request,require" doc:"Whether clients are asked for a certificate. A certificate of a server cannot serve for that. [TDD 3.7 §3.5]"`
	ClientTrust []Path   `key:"clientTrust" doc:"Certificates in PEM, or folders of *.pem, that certificates of clients are below. Needed when clients are asked."`
}

// KeyPair is a certificate with its key.
type KeyPair struct {
	Certificate Path `key:"certificate" doc:"Certificate in PEM, its issuers behind it."`
	Key         Path `key:"key" doc:"Its private key in PEM."`
}

// Backend is the side that back ends see.
type Backend struct {
	Listen      Address   `key:"listen" default:"127.0.0.1:8444" doc:"Address and port for back ends and operators. Beyond this machine it needs TLS."`
	TLS         ServerTLS `key:"tls" doc:"TLS of the listener. For accounts by certificate, say clients: request; which certificate an account has, the account says."`
	SOAP        bool      `key:"soap" default:"true" doc:"Whether the interface of Domibus' WS plugin is served, below /domibus/services and /services."`
	MTOM        bool      `key:"mtom" default:"false" doc:"Whether payloads of retrieved messages go beside the envelope of SOAP."`
	REST        bool      `key:"rest" default:"true" doc:"Whether the JSON interface is served, below /backend; its description is /backend/openapi.yaml."`
	Grace       Duration  `key:"grace" default:"1h" doc:"How long a message can be fetched again after it was marked as downloaded."`
	Keep        Duration  `key:"keep" default:"0s" doc:"How long a message that nobody fetches is kept; 0s is for ever."`
	Pending     int       `key:"pending" default:"500" least:"1" doc:"Messages in one list of those that wait."`
	AtOnce      int       `key:"atOnce" default:"8" least:"1" doc:"Requests of one account at the same time."`
	Idle        Duration  `key:"idle" default:"30s" doc:"How long a client may give nothing of a request, or take nothing of an answer. After a minute it must give 1 KiB per second."`
	Connections int       `key:"connections" default:"512" least:"4" doc:"Connections of back ends and operators at the same time; more wait."`
	Request     Size      `key:"request" default:"4GiB" doc:"Bytes of one request."`
	Part        Size      `key:"part" default:"2GiB" doc:"Bytes of one payload of a request."`
	Trust       []Path    `key:"trust" doc:"Certificates in PEM that servers of back ends are below, when they are told of messages. Without it, those of the machine."`
	Proxy       string    `key:"proxy" doc:"Proxy towards back ends and receivers of alerts by webhook: http://HOST:PORT or https://HOST:PORT. Without it connections are direct, whatever the environment says."`
	Notices     []Notice  `key:"notices" doc:"Back ends that are told of messages. The first whose recipient fits counts."`
	Console     Console   `key:"console" doc:"Pages for operators, below /console."`
	Purge       Duration  `key:"purge" default:"1m" doc:"How often payloads are deleted whose time is over."`
}

// Console are the operator's pages.
type Console struct {
	Serve bool   `key:"serve" default:"true" doc:"Whether they are served."`
	URL   string `key:"url" doc:"Address under which operators see them, for links in invitations. Without it, that of the listener." example:"https://ap.internal.example:8444"`
}

// Notice tells one back end of messages.
type Notice struct {
	Name      string   `key:"name" need:"yes" doc:"Name of the rule, in logs."`
	Recipient string   `key:"recipient" doc:"finalRecipient of the messages; without it, any."`
	URL       string   `key:"url" need:"yes" doc:"Address of the back end: https, or http to this machine." example:"https://backend.example/notices"`
	Form      string   `key:"form" default:"soap" enum:"soap,webhook" doc:"SOAP as the WS plugin calls a back end, or JSON signed with a shared secret."`
	Kinds     []string `key:"kinds" need:"yes" doc:"SUBMIT_MESSAGE (the message itself, SOAP only), RECEIVE_SUCCESS, SEND_SUCCESS, SEND_FAILURE, MESSAGE_STATUS_CHANGE, DELETED."`
	Retry     string   `key:"retry" default:"60;10;CONSTANT" doc:"Repetition: MINUTES;COUNT;CONSTANT, or MINUTES;INITIAL;FACTOR;PROGRESSIVE."`
	Keep      bool     `key:"keep" default:"false" doc:"Whether a message stays to be fetched although it was handed over."`
	User      string   `key:"user" doc:"Name for HTTP Basic."`
	Password  Secret   `key:"password" doc:"Reference to the password for it."`
	Secret    Secret   `key:"secret" doc:"Reference to the secret of a webhook, at least 16 bytes."`
}

// Monitor is the side that machines watch.
type Monitor struct {
	Listen      Address  `key:"listen" default:"127.0.0.1:9464" doc:"Address and port. It is plain HTTP without accounts: keep it inside."`
	OutboxAge   Duration `key:"outboxAge" default:"1h" doc:"Age of a message that still waits to be sent, above which its check warns. It never makes the access point unready: a partner that cannot be reached must not take it away from the others."`
	Certificate Duration `key:"certificate" default:"14d" doc:"How long before the end of a certificate its check warns. It fails at the end."`
	JournalAge  Duration `key:"journalAge" default:"10m" doc:"How long the second copy of the log may not be kept before its check warns. It never makes the access point unready: the log in the database is written with each message, and a full disk of the copy must not stop the exchange."`
	Reload      Duration `key:"reload" default:"30s" doc:"How often files of certificates and keys are looked at; SIGHUP looks at once."`
}

// Alerts say who is told, and when.
type Alerts struct {
	Every      Duration    `key:"every" default:"1m" doc:"How often figures are compared with thresholds."`
	Mail       Mail        `key:"mail" doc:"Mail to operators."`
	Webhook    Hook        `key:"webhook" doc:"JSON to an address, signed as webhooks of back ends are."`
	Thresholds []Threshold `key:"thresholds" doc:"Thresholds other than those of the program."`
}

// Mail tells by mail.
type Mail struct {
	Server   string   `key:"server" doc:"Name of the server; without it no mail is sent." example:"mail.example.org"`
	Port     int      `key:"port" default:"587" least:"1" doc:"Port of the server. It must offer STARTTLS."`
	From     string   `key:"from" doc:"Address of the sender." example:"oots@example.org"`
	To       []string `key:"to" doc:"Addresses of the receivers."`
	User     string   `key:"user" doc:"Account at the server."`
	Password Secret   `key:"password" doc:"Reference to its password."`
}

// Hook tells in JSON.
type Hook struct {
	URL    string `key:"url" doc:"Address: https, or http to this machine; without it nothing is sent." example:"https://alerts.example.org/oots"`
	Secret Secret `key:"secret" doc:"Reference to the secret that calls are signed with, at least 16 bytes."`
}

// Threshold is that of one kind.
type Threshold struct {
	Kind  string `key:"kind" need:"yes" enum:"queue age,undelivered,stuck,failed logins,certificate,disk,partner down,P-Modes,journal,measuring" doc:"What it is about. Queue age is in minutes, certificate in days, disk in percent that are free, P-Modes in hours, journal (the second copy of the log is not kept) in minutes; the others are counts."`
	Raise int    `key:"raise" need:"yes" doc:"Figure that raises the alert: at or above it, or at or below it when it is lower than clear."`
	Clear int    `key:"clear" need:"yes" doc:"Figure that clears it again."`
	Off   bool   `key:"off" default:"false" doc:"Whether nobody is told of it."`
}

// Log is what is written.
type Log struct {
	Form   string `key:"form" default:"json" enum:"json,text" doc:"One JSON object per line, or text."`
	Level  string `key:"level" default:"info" enum:"debug,info,warn,error" doc:"Least level."`
	Access bool   `key:"access" default:"true" doc:"Whether each request has a line: method, path without query, status, bytes, duration."`
}
