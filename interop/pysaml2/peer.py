"""The other make: pysaml2 as service provider or as identity provider.

Usage: peer.py FOLDER. The folder holds peer.key, peer.crt, attributes/ and the metadata of the Go side, sp.xml and
idp.xml. Each line of standard input is a JSON object with a field "do"; each gets one line of JSON as its answer.
"""

import functools
import json
import logging
import os
import sys

import saml2
import saml2.entity
import saml2.metadata
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import IdPConfig, SPConfig
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.samlp import STATUS_REQUEST_DENIED
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

GCM = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
OAEP = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"

SP = "https://peer.example/sp"
IDP = "https://peer.example/idp"
ACS = "https://peer.example/sp/response"
SSO = "https://peer.example/idp/request"


def common(folder):
    key, cert = os.path.join(folder, "peer.key"), os.path.join(folder, "peer.crt")
    return {
        "key_file": key,
        "cert_file": cert,
        "encryption_keypairs": [{"key_file": key, "cert_file": cert}],
        "attribute_map_dir": os.path.join(folder, "attributes"),
        "signing_algorithm": SIG_RSA_SHA256,
        "digest_algorithm": DIGEST_SHA256,
        "valid_for": 24,
        "delete_tmpfiles": True,
    }


def sp_config(folder, asked):
    c = common(folder)
    c.update({
        "entityid": SP,
        "metadata": {"local": [os.path.join(folder, "idp.xml")]} if asked is not None else {},
        "service": {"sp": {
            "endpoints": {"assertion_consumer_service": [(ACS, BINDING_HTTP_POST)]},
            "authn_requests_signed": True,
            "want_response_signed": True,
            "want_assertions_signed": False,
            "allow_unsolicited": False,
            "sp_type": "public",
            "sp_type_in_metadata": False,
            "force_authn": True,
            "requested_attributes": asked or [],
        }},
    })
    return SPConfig().load(c)


def idp_config(folder, with_peer):
    c = common(folder)
    c.update({
        "entityid": IDP,
        "metadata": {"local": [os.path.join(folder, "sp.xml")]} if with_peer else {},
        "service": {"idp": {
            "endpoints": {"single_sign_on_service": [(SSO, BINDING_HTTP_POST), (SSO, BINDING_HTTP_REDIRECT)]},
            "want_authn_requests_signed": True,
            "policy": {"default": {"name_form": NAME_FORMAT_URI, "attribute_restrictions": None, "lifetime": {"minutes": 5}}},
        }},
    })
    return IdPConfig().load(c)


class Peer:
    def __init__(self, folder):
        self.folder = folder
        self.client = None
        self.server = None

    def metadata(self, role, signed):
        config = sp_config(self.folder, None) if role == "sp" else idp_config(self.folder, False)
        text = saml2.metadata.create_metadata_string(
            None, config=config, valid=24, cert=config.cert_file, keyfile=config.key_file, sign=signed)
        return {"xml": text if isinstance(text, str) else text.decode()}

    def ask(self, entity, binding, level, asked, relay):
        self.client = Saml2Client(config=sp_config(self.folder, asked))
        binding = BINDING_HTTP_POST if binding == "POST" else BINDING_HTTP_REDIRECT
        request, info = self.client.prepare_for_authenticate(
            entityid=entity, relay_state=relay, binding=binding, response_binding=BINDING_HTTP_POST, sign=True,
            sigalg=SIG_RSA_SHA256, digest_alg=DIGEST_SHA256,
            requested_authn_context={"authn_context_class_ref": [level], "comparison": "minimum"})
        return {"id": request, "html": info["data"] if isinstance(info["data"], str) else "", "location": dict(info["headers"]).get("Location", "")}

    def read(self, response, request):
        got = self.client.parse_authn_request_response(response, BINDING_HTTP_POST, outstanding={request: "/"})
        values = []
        for a in got.assertion.attribute_statement[0].attribute:
            for v in a.attribute_value:
                script = [x for name, x in (v.extension_attributes or {}).items() if name.endswith("LatinScript")]
                values.append({"name": a.name, "text": v.text, "nonLatin": script == ["false"]})
        level = got.assertion.authn_statement[0].authn_context.authn_context_class_ref.text
        return {"values": values, "level": level, "name": got.assertion.subject.name_id.text}

    def parse(self, request, binding, query):
        self.server = Server(config=idp_config(self.folder, True))
        if binding == "POST":
            got = self.server.parse_authn_request(request, BINDING_HTTP_POST)
        else:
            got = self.server.parse_authn_request(
                request, BINDING_HTTP_REDIRECT, relay_state=query["RelayState"], sigalg=query["SigAlg"], signature=query["Signature"])
        m = got.message
        context = m.requested_authn_context
        asked, kind = [], ""
        for e in m.extensions.extension_elements:
            if e.tag == "SPType":
                kind = e.text
            for c in e.children:
                asked.append({"name": c.attributes["Name"], "required": c.attributes["isRequired"] == "true"})
        return {"id": m.id, "issuer": m.issuer.text, "destination": m.destination, "force": m.force_authn, "spType": kind, "asked": asked,
                "levels": [x.text for x in context.authn_context_class_ref], "comparison": context.comparison}

    def answer(self, request, issuer, destination, identity, level):
        s = self.server
        response = s.create_authn_response(
            identity, request, destination, sp_entity_id=issuer, name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text="EL/AT/1234567890"),
            authn={"class_ref": level, "authn_auth": IDP}, sign_response=True, sign_assertion=False, encrypt_assertion=True,
            encrypt_assertion_self_contained=True, sign_alg=SIG_RSA_SHA256, digest_alg=DIGEST_SHA256)
        return {"xml": str(response)}

    def deny(self, request, destination):
        response = self.server.create_error_response(
            request, destination, (STATUS_REQUEST_DENIED, "no"), sign=True,
            sign_alg=SIG_RSA_SHA256, digest_alg=DIGEST_SHA256)
        return {"xml": str(response)}


def main():
    logging.disable(logging.CRITICAL)
    # The library's own template encrypts by triple DES, which no policy of ours takes.
    saml2.entity.pre_encryption_part = functools.partial(saml2.entity.pre_encryption_part, msg_enc=GCM, key_enc=OAEP)
    encrypt = saml2.sigver.SecurityContext.encrypt_assertion
    saml2.sigver.SecurityContext.encrypt_assertion = lambda self, *a, **k: encrypt(self, *a, **{**k, "key_type": "aes-128"})
    peer = Peer(sys.argv[1])
    for line in sys.stdin:
        order = json.loads(line)
        try:
            out = getattr(peer, order.pop("do"))(**order)
        except Exception as e:  # the answer is the verdict
            out = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(out), flush=True)


main()
