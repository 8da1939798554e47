import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.crypto.Data;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.URIDereferencer;
import javax.xml.crypto.URIReferenceException;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.XMLStructure;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dom.DOMURIReference;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.TransformException;
import javax.xml.crypto.dsig.TransformService;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.ExcC14NParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The JDK's own XML security as a judge. Reads one case a line from standard input, fields parted by tabs, and
 * prints one line for each:
 *
 * <pre>
 *   sig   FILE CERTIFICATE          -> "valid" or "invalid ..." for the first ds:Signature of FILE; references to
 *                                      attachments (cid:) are read from FILE.NAME, as they were signed
 *   c14n  FILE ALGORITHM LIST APEX  -> SHA-256 of the canonical form of the document ("-"), or of the element
 *                                      whose attribute Id is APEX; LIST is a PrefixList or "-"
 * </pre>
 *
 * A case that cannot be judged gives "error ...". Started once for all cases: java Judge.java
 */
public final class Judge {
    private static final String DS = "http://www.w3.org/2000/09/xmldsig#";
    private static final String WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    /** Canonicalisation needs a context, and a context needs a key. */
    private static final Key NO_KEY = new SecretKeySpec(new byte[16], "none");

    public static void main(String[] args) throws Exception {
        Security.addProvider(new Attachments());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null;) {
            String[] f = line.split("\t");
            String answer;
            try {
                answer = f[0].equals("sig") ? signature(f[1], f[2]) : canonical(f[1], f[2], f[3], f[4]);
            } catch (Exception e) {
                answer = "error " + String.valueOf(e).replaceAll("\\s+", " ");
            }
            System.out.println(answer);
        }
    }

    private static Document parse(String file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(Files.readAllBytes(Path.of(file))));
    }

    private static String signature(String file, String certificate) throws Exception {
        Document doc = parse(file);
        X509Certificate cert = (X509Certificate) CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(Path.of(certificate))));
        Key key = cert.getPublicKey();
        Node node = doc.getElementsByTagNameNS(DS, "Signature").item(0);
        if (node == null) {
            return "error no signature";
        }
        DOMValidateContext context = new DOMValidateContext(key, node);
        context.setProperty("org.jcp.xml.dsig.secureValidation", true);
        markIDs(context, doc.getDocumentElement());
        XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
        URIDereferencer standard = factory.getURIDereferencer();
        context.setURIDereferencer((reference, c) -> {
            String uri = reference.getURI();
            if (uri == null || !uri.startsWith("cid:")) {
                return standard.dereference(reference, c);
            }
            try {
                return new OctetStreamData(Files.newInputStream(Path.of(file + "." + uri.substring(4))));
            } catch (IOException e) {
                throw new URIReferenceException(e);
            }
        });
        XMLSignature signature = factory.unmarshalXMLSignature(context);
        StringBuilder wrong = new StringBuilder();
        if (!signature.getSignatureValue().validate(context)) {
            wrong.append(" value");
        }
        for (Object o : signature.getSignedInfo().getReferences()) {
            Reference r = (Reference) o;
            if (!r.validate(context)) {
                wrong.append(' ').append(r.getURI());
            }
        }
        return wrong.length() == 0 ? "valid" : "invalid" + wrong;
    }

    /**
     * The transform of the content of an attachment that is neither XML nor text: the octets are as they are. The
     * class and its constructor are public because the provider makes it by name.
     */
    public static final class Content extends TransformService {
        public Content() {
        }

        @Override public void init(TransformParameterSpec params) {
        }

        @Override public void init(XMLStructure parent, XMLCryptoContext context) {
        }

        @Override public void marshalParams(XMLStructure parent, XMLCryptoContext context) {
        }

        @Override public AlgorithmParameterSpec getParameterSpec() {
            return null;
        }

        @Override public boolean isFeatureSupported(String feature) {
            return false;
        }

        @Override public Data transform(Data data, XMLCryptoContext context) {
            return data;
        }

        @Override public Data transform(Data data, XMLCryptoContext context, OutputStream out) throws TransformException {
            try {
                ((OctetStreamData) data).getOctetStream().transferTo(out);
            } catch (IOException e) {
                throw new TransformException(e);
            }
            return null;
        }
    }

    private static final class Attachments extends Provider {
        private static final String URI = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform";

        Attachments() {
            super("Attachments", "1", "transforms of attachments");
            putService(new Service(this, "TransformService", URI, Content.class.getName(), null, Map.of("MechanismType", "DOM")) {
                @Override public Object newInstance(Object parameter) {
                    return new Content();
                }
            });
        }
    }

    private static void markIDs(DOMValidateContext context, Element e) {
        if (e.hasAttributeNS(WSU, "Id")) {
            context.setIdAttributeNS(e, WSU, "Id");
        }
        if (e.hasAttribute("Id")) {
            context.setIdAttributeNS(e, null, "Id");
        }
        for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element child) {
                markIDs(context, child);
            }
        }
    }

    private static String canonical(String file, String algorithm, String list, String apex) throws Exception {
        Document doc = parse(file);
        TransformService service = TransformService.getInstance(algorithm, "DOM");
        C14NMethodParameterSpec spec = null;
        if (!list.equals("-")) {
            spec = new ExcC14NParameterSpec(Arrays.asList(list.trim().split("\\s+")));
        }
        service.init(spec);
        // Neither of these elements is in the tree. The service takes its PrefixList when it writes its parameters, and
        // a reference is an attribute of an element.
        Element method = doc.createElementNS(DS, "CanonicalizationMethod");
        service.marshalParams(new DOMStructure(method), context(doc));
        Attr here = doc.createAttribute("URI");
        method.setAttributeNode(here);
        // The dereferencer gives whole trees with their comments; a node set would be another kind of input.
        String pointer = apex.equals("-") ? "#xpointer(/)" : "#xpointer(id('" + apex + "'))";
        Data tree = XMLSignatureFactory.getInstance("DOM").getURIDereferencer()
            .dereference(new Pointer(pointer, here), context(doc));
        Data out = service.transform(tree, null);
        byte[] octets = ((OctetStreamData) out).getOctetStream().readAllBytes();
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    }

    /** A context in which Id attributes without namespace, and wsu:Id, are ids. */
    private static DOMValidateContext context(Document doc) {
        DOMValidateContext context = new DOMValidateContext(KeySelector.singletonKeySelector(NO_KEY), doc.getDocumentElement());
        markIDs(context, doc.getDocumentElement());
        return context;
    }

    private record Pointer(String uri, Node here) implements DOMURIReference {
        @Override public String getURI() {
            return uri;
        }

        @Override public String getType() {
            return null;
        }

        @Override public Node getHere() {
            return here;
        }
    }
}
