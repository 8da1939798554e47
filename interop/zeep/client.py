"""A back end made from the WSDL by zeep: sends through one access point, receives through the other, prints JSON."""

import json
import sys
import time

import requests
from zeep import Client, Settings
from zeep.exceptions import Fault
from zeep.transports import Transport

EB = "{http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/}"
PARTY = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots"
ROLE = "http://sdg.europa.eu/edelivery/gateway"


def client(address, name, password, ca):
    session = requests.Session()
    session.auth = (name, password)
    session.verify = ca
    session.trust_env = False  # or a bundle named in the environment would count instead
    # Payloads are long texts, which libxml2 refuses without this.
    return Client(address + "?wsdl", transport=Transport(session=session), settings=Settings(xml_huge_tree=True))


def header(c, message_id, to, payloads):
    def prop(name, value, kind=None):
        return {"name": name, "type": kind, "_value_1": value}

    return c.get_element(EB + "Messaging")(
        UserMessage={
            "MessageInfo": {"MessageId": message_id},
            "PartyInfo": {
                "From": {"PartyId": {"type": PARTY, "_value_1": "AP_FR_01"}, "Role": ROLE},
                "To": {"PartyId": {"type": PARTY, "_value_1": to}, "Role": ROLE},
            },
            "CollaborationInfo": {
                "Service": {"type": "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", "_value_1": "QueryManager"},
                "Action": "ExecuteQueryRequest",
                "ConversationId": "conversation-1",
            },
            "MessageProperties": {"Property": [prop("originalSender", "C1", PARTY), prop("finalRecipient", "C4", PARTY)]},
            "PayloadInfo": {"PartInfo": [{"href": p["payloadId"], "PartProperties": {"Property": [prop("MimeType", p["contentType"])]}} for p in payloads]},
        }
    )


def submit(c, message_id, to, payloads):
    answer = c.service.submitMessage(payload=payloads, _soapheaders={"ebMSHeaderInfo": header(c, message_id, to, payloads)})
    return answer.messageID, answer.messageEntityID


def until(what, seconds=30):
    end = time.monotonic() + seconds
    while True:
        got = what()
        if got or time.monotonic() > end:
            return got
        time.sleep(0.05)


def fault(call):
    try:
        call()
    except Fault as f:
        return {"message": f.message, "code": f.code, "detail": "".join(f.detail.itertext()) if f.detail is not None else ""}
    return None


def main():
    sender_at, receiver_at, password, ca, size = sys.argv[1:]
    sender = client(sender_at, "fr", password, ca)
    receiver = client(receiver_at, "de", password, ca)
    pdf = b"%PDF-1.7\n" + bytes(range(256)) * (int(size) // 256)
    payloads = [
        {"payloadId": "cid:doc@c1.test", "contentType": "application/x-ebrs+xml", "value": "<q>Ελένη</q>".encode()},
        {"payloadId": "cid:evidence@c1.test", "contentType": "application/pdf", "value": pdf},
    ]
    out = {}
    out["submitted"], out["entity"] = submit(sender, "message-1@c1.test", "AP_DE_01", payloads)
    out["again"], _ = submit(sender, "message-1@c1.test", "AP_DE_01", payloads)
    out["pending"] = until(lambda: receiver.service.listPendingMessages(finalRecipient="C4"))
    out["elsewhere"] = receiver.service.listPendingMessages(conversationId="another") or []
    got = receiver.service.retrieveMessage(messageID="message-1@c1.test", markAsDownloaded="true")
    message = got.header.ebMSHeaderInfo.UserMessage
    out["from"] = message.PartyInfo.From.PartyId._value_1
    out["properties"] = {p.name: p._value_1 for p in message.MessageProperties.Property}
    out["hrefs"] = [p.href for p in message.PayloadInfo.PartInfo]
    out["payloads"] = [[p.payloadId, p.contentType, p.value == q["value"]] for p, q in zip(got.body.payload, payloads)]
    out["left"] = receiver.service.listPendingMessages() or []
    out["sent"] = until(lambda: sender.service.getStatus(messageID="message-1@c1.test") == "ACKNOWLEDGED")
    out["received"] = receiver.service.getStatusWithAccessPointRole(messageID="message-1@c1.test", accessPointRole="RECEIVING")
    out["unknown"] = sender.service.getStatus(messageID="nobody@c1.test")
    out["errors"] = sender.service.getMessageErrors(messageID="message-1@c1.test") or []
    out["marked"] = receiver.service.markMessageAsDownloaded(messageID="message-1@c1.test")
    out["faults"] = [
        fault(lambda: submit(sender, "message-2@c1.test", "AP_XX_01", payloads)),
        fault(lambda: receiver.service.retrieveMessage(messageID="nobody@c1.test")),
        fault(lambda: sender.service.getMessageErrors(messageID="nobody@c1.test")),
    ]
    json.dump(out, sys.stdout)


main()
