import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.DocumentBuilder;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.Serializer;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltExecutable;

/**
 * Runs stylesheets. Reads one case a line from standard input, fields parted by tabs, and prints one line for each:
 *
 * <pre>
 *   fire  SHEET FILE   -> the text that the stylesheet makes of the document, its line ends as "|"
 *   time  SHEET FILE N -> "done" after the document was parsed and judged N times
 * </pre>
 *
 * A case that cannot be judged gives "error ...".
 */
public final class Judge {
    private static final Processor PROCESSOR = new Processor(false);
    private static final Map<String, XsltExecutable> SHEETS = new HashMap<>();

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null;) {
            String[] f = line.split("\t");
            String answer;
            try {
                XsltExecutable sheet = sheet(f[1]);
                byte[] document = Files.readAllBytes(Path.of(f[2]));
                if (f[0].equals("fire")) {
                    answer = fire(sheet, document).replace('\n', '|');
                } else {
                    for (int n = Integer.parseInt(f[3]); n > 0; n--) {
                        fire(sheet, document);
                    }
                    answer = "done";
                }
            } catch (Exception e) {
                answer = "error " + String.valueOf(e).replaceAll("\\s+", " ");
            }
            System.out.println(answer);
        }
    }

    private static XsltExecutable sheet(String file) throws Exception {
        XsltExecutable known = SHEETS.get(file);
        if (known == null) {
            known = PROCESSOR.newXsltCompiler().compile(new StreamSource(new File(file)));
            SHEETS.put(file, known);
        }
        return known;
    }

    /** Parses and judges a document. */
    private static String fire(XsltExecutable sheet, byte[] text) throws Exception {
        DocumentBuilder builder = PROCESSOR.newDocumentBuilder();
        XdmNode document = builder.build(new StreamSource(new ByteArrayInputStream(text)));
        StringWriter out = new StringWriter();
        Serializer serializer = PROCESSOR.newSerializer(out);
        Xslt30Transformer transformer = sheet.load30();
        transformer.setGlobalContextItem(document);
        transformer.applyTemplates(document, serializer);
        return out.toString();
    }
}
