package partner

// A Cause is why a layer does not work, in classes that need different remedies.
type Cause string

// The causes.
const (
	BadURL Cause = "bad URL"

	NameUnknown Cause = "name unknown"
	NameServer  Cause = "name server"
	NameTimeout Cause = "name server silent"

	Refused        Cause = "refused"
	ConnectTimeout Cause = "no connection in time"
	Unreachable    Cause = "unreachable"
	SomeAddresses  Cause = "some addresses"

	TLSNotSpoken Cause = "no TLS"
	TLSTimeout   Cause = "TLS silent"
	TLSVersion   Cause = "TLS version"
	TLSSuites    Cause = "TLS suites"
	TLSClosed    Cause = "TLS closed"
	TLSClient    Cause = "client certificate"
	TLSExpired   Cause = "server certificate expired"
	TLSNotYet    Cause = "server certificate not yet valid"
	TLSSoon      Cause = "server certificate ends soon"
	TLSName      Cause = "server name"
	TLSAuthority Cause = "unknown authority"
	TLSOther     Cause = "TLS"

	CertificateMissing Cause = "certificate missing"
	CertificateExpired Cause = "certificate expired"
	CertificateNotYet  Cause = "certificate not yet valid"
	CertificateSoon    Cause = "certificate ends soon"
	CertificateWeak    Cause = "certificate unsuitable"

	HTTPTimeout   Cause = "HTTP silent"
	HTTPPath      Cause = "no such path"
	HTTPRedirect  Cause = "redirect"
	HTTPForbidden Cause = "forbidden"
	HTTPBehind    Cause = "proxy without server"

	NotSent       Cause = "not sent"
	NoAnswer      Cause = "no answer"
	NoSignal      Cause = "no signal"
	Unsigned      Cause = "unsigned"
	WrongSigner   Cause = "wrong signer"
	RefusedUs     Cause = "our signature refused"
	CannotDecrypt Cause = "cannot decrypt"
	NoPMode       Cause = "no P-Mode there"
	Refusal       Cause = "message refused"
)

// Advice is what a cause means, and what to try: one or two sentences each, in English.
type Advice struct {
	Meaning string `json:"meaning"`
	Try     string `json:"try"`
}

// Advice is what to do about a cause; the zero value for "".
func (c Cause) Advice() Advice { return advice()[c] }

func advice() map[Cause]Advice {
	return map[Cause]Advice{
		BadURL: {"The P-Mode names no address that messages can go to.", "Put the partner's https address into the P-Mode file, as its endpoint, and activate the file."},

		NameUnknown: {"No name server knows the name, or it has no address.", "Compare the endpoint in the P-Mode with what the partner has published. If the partner has moved, ask for a new P-Mode file."},
		NameServer:  {"The name server of this machine could not answer.", "Ask another name server for the same name. If that works, look at the resolver of this machine."},
		NameTimeout: {"The name server of this machine did not answer in time.", "Check that this machine reaches its name server, on port 53, over UDP and TCP."},

		Refused:        {"A machine is there, and nothing takes connections on the port.", "Tell the partner that its access point, or the proxy before it, is not running. Check the port in the endpoint."},
		ConnectTimeout: {"Nobody answers: usually a firewall drops the packets, on our side or on theirs.", "Check that our firewall lets this machine out to the port, and ask the partner whether it expects us from the address shown."},
		Unreachable:    {"The network says that there is no way to the address.", "Check the routes and the IPv6 of this machine; then ask the partner whether the address is still right."},
		SomeAddresses:  {"Only some of the partner's addresses take connections, so some messages are late.", "Tell the partner which address does not answer."},

		TLSNotSpoken: {"What answers there does not speak TLS.", "Check the port in the endpoint: it may be the one for plain HTTP."},
		TLSTimeout:   {"The connection stands, and nobody shakes hands: often a proxy whose server is gone.", "Ask the partner to look at the proxy before its access point."},
		TLSVersion:   {"The server offers no version of TLS that is allowed: 1.2 and 1.3 are.", "The partner has to switch on TLS 1.2 or 1.3; versions before them must not be used."},
		TLSSuites:    {"There is no suite that both sides accept, or the server wants a certificate of ours.", "The partner has to offer suites with forward secrecy and AES-GCM. If it asks for client certificates, give it ours."},
		TLSClosed:    {"The server closed the connection during the handshake: often a firewall that does not know us.", "Ask the partner to let our address through, and whether it knows the name in the endpoint."},
		TLSClient:    {"The server refuses our client certificate, or misses one.", "Send the partner our TLS certificate and its authority, and check that it has not ended."},
		TLSExpired:   {"The TLS certificate of the server, or of its authority, has ended.", "Tell the partner; nothing can be done on our side. Messages wait and are sent again."},
		TLSNotYet:    {"The TLS certificate of the server is not valid yet.", "Check the clock of this machine first; then tell the partner."},
		TLSSoon:      {"The TLS certificate of the server ends soon.", "Ask the partner when it will be renewed, and whether its authority stays the same."},
		TLSName:      {"The certificate is for other names than the one in the endpoint.", "Compare the names shown with the endpoint. Either the endpoint is old, or the partner has installed the wrong certificate."},
		TLSAuthority: {"The certificate comes from an authority that this access point does not trust, or the server does not send the chain.", "If the authority is the agreed one, add it to the trusted roots for TLS. If the issuer is missing from the chain, the partner has to send it."},
		TLSOther:     {"The handshake failed for a reason of its own.", "The exact error is shown; hand it to the partner."},

		CertificateMissing: {"There is no certificate for this partner in our key stores.", "Get the partner's certificate over the agreed way and put it into the trust store under the partner's name."},
		CertificateExpired: {"The partner's certificate in our trust store has ended.", "Get the successor from the partner and put it beside the old one; both count while they overlap."},
		CertificateNotYet:  {"The partner's certificate in our trust store is not valid yet.", "Check the clock of this machine; keep the old certificate in the store until the new one begins."},
		CertificateSoon:    {"A certificate of the partner ends within thirty days.", "Ask the partner for the successor now, and put it beside the old one."},
		CertificateWeak:    {"A certificate in our trust store cannot be used: its key is too short, or is not meant for this.", "Ask the partner for a certificate with an RSA key of at least 2048 bits, 3072 for new ones, and the key usage for signatures and key encipherment."},

		HTTPTimeout:   {"The server takes the connection and does not answer.", "Ask the partner to look at its access point: it may be overloaded."},
		HTTPPath:      {"There is a web server, and no access point under this path.", "Compare the path of the endpoint with what the partner has published, letter by letter."},
		HTTPRedirect:  {"The server leads elsewhere. Messages are never redirected, since they are signed for one address.", "Put the address that it leads to into the P-Mode, if the partner confirms it."},
		HTTPForbidden: {"Something before the access point does not let us in.", "Ask the partner to allow our address or our client certificate."},
		HTTPBehind:    {"A proxy answers, and the access point behind it does not.", "Tell the partner that its access point is down. Messages wait and are sent again."},

		NotSent:       {"The test message could not be made or sent here.", "The exact error is shown. Check our own key and the certificate to encrypt for the partner."},
		NoAnswer:      {"The test message was sent, and no answer came in time.", "Ask the partner whether its log has the message id shown."},
		NoSignal:      {"The answer is no receipt and no error of AS4: usually a page of a proxy, or an access point that failed.", "Hand status and type of the answer to the partner; its log says more."},
		Unsigned:      {"The answer is not signed, so anybody could have given it. It counts for nothing.", "The partner has to sign receipts and errors: its P-Mode for us lacks that, or it could not tell who we are."},
		WrongSigner:   {"The receipt is not signed by the certificate that we have for the partner, or its digests are not those of our message.", "The partner has probably exchanged its certificate: ask for the new one, and compare the fingerprint over another way."},
		RefusedUs:     {"The partner refuses our signature: it has another certificate of ours, or wants the message protected otherwise.", "Send the partner our signing certificate, and compare the security of both P-Modes."},
		CannotDecrypt: {"The partner cannot decrypt: we encrypt for a certificate whose key it no longer has.", "Ask the partner for the certificate to encrypt for, and put it into the trust store."},
		NoPMode:       {"The partner has no P-Mode for us, or not for the test service.", "Compare our party id, its type, the roles and the agreement with the partner's P-Mode file."},
		Refusal:       {"The partner refuses the message, and says why.", "The error is shown as the partner gave it; hand it to its operators with the message id."},
	}
}
