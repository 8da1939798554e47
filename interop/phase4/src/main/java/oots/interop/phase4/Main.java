package oots.interop.phase4;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.LogManager;

import org.bouncycastle.jce.provider.BouncyCastleProvider;

import com.helger.json.IJsonObject;
import com.helger.json.JsonObject;
import com.helger.json.serialize.JsonReader;
import com.helger.phase4.CAS4Version;
import com.helger.phase4.crypto.IAS4CryptoFactory;
import com.helger.phase4.model.error.EEbmsError;

/**
 * An access point of another make, driven over standard input and output: a JSON object a line in, one a
 * line out. The first line out names the ports; a line with "received" tells of a message that came in;
 * every other line out answers the order of the same "id". Messages are sent at once, however many are ordered.
 *
 * Arguments: a folder with OURS, PHASE4, STRANGER, SERVER and ca as NAME.crt.pem and, for PHASE4, STRANGER
 * and SERVER, NAME.key.pem; then "large" when large payloads are to come.
 */
public final class Main
{
  private Main ()
  {}

  public static void main (final String [] args) throws Exception
  {
    final PrintStream out = new PrintStream (System.out, false, StandardCharsets.UTF_8);
    System.setOut (System.err); // whatever a library prints must not end up between the lines
    LogManager.getLogManager ().getLogger ("").setLevel (Level.SEVERE); // Santuario warns about every empty digest
    // The JDK's own AES-GCM takes a time that grows with the square of what WSS4J decrypts through it.
    if (args.length > 1 && args[1].equals ("large"))
      Security.insertProviderAt (new BouncyCastleProvider (), 1);
    else
      Security.addProvider (new BouncyCastleProvider ());

    final Lines lines = new Lines (out);
    final Keys keys = new Keys (Path.of (args[0]));
    final Agreement agreement = new Agreement ("AP_PHASE4", "AP_OURS");
    final Map <String, IAS4CryptoFactory> crypto = Map.of ("PHASE4", keys.crypto ("PHASE4", "OURS"), "STRANGER", keys.crypto ("STRANGER", "OURS"));
    final Receiver receiver = new Receiver (agreement, crypto.get ("PHASE4"), lines);
    final Sender sender = new Sender (agreement, keys.certificate ("OURS"), keys.trust ("ca"));

    // The twin for measuring: both roles are phase4, and the one knows and trusts the other as itself.
    final Agreement twins = new Agreement ("AP_PHASE4", "AP_PHASE4");
    final IAS4CryptoFactory twin = keys.crypto ("PHASE4", "PHASE4");
    final Bench bench = new Bench (new Sender (twins, keys.certificate ("PHASE4"), keys.trust ("ca")), twin);

    final Endpoint endpoint = new Endpoint (keys, "SERVER", Map.of ("/as4", receiver.handler (), "/bench", new Receiver (twins, twin, null).handler ()));
    lines.write (new JsonObject ().add ("version", CAS4Version.BUILD_VERSION)
                                  .add ("url", "https://127.0.0.1:" + endpoint.tlsPort + "/as4")
                                  .add ("benchURL", "http://127.0.0.1:" + endpoint.plainPort + "/bench"));

    final BufferedReader in = new BufferedReader (new InputStreamReader (System.in, StandardCharsets.UTF_8));
    final ExecutorService senders = Executors.newCachedThreadPool ();
    for (String line; (line = in.readLine ()) != null;)
    {
      final IJsonObject order = JsonReader.readFromString (line).getAsObject ();
      switch (order.getAsString ("do"))
      {
        case "send" -> senders.execute ( () -> answer (lines, order, () -> sender.send (crypto.get (order.getAsString ("key")), order)));
        case "refuse" -> answer (lines, order, () -> {
          receiver.refuseNext (EEbmsError.EBMS_OTHER);
          return new JsonObject ();
        });
        case "sync" -> answer (lines, order, JsonObject::new);
        case "bench" -> answer (lines, order, () -> bench.run (order));
        default -> answer (lines, order, () -> new JsonObject ().add ("exception", "unknown order"));
      }
    }
    System.exit (0); // Jetty and phase4's scheduler keep threads that are not daemons
  }

  private static void answer (final Lines lines, final IJsonObject order, final Callable <? extends IJsonObject> work)
  {
    IJsonObject answer;
    try
    {
      answer = work.call ();
    }
    catch (final Exception ex)
    {
      answer = new JsonObject ().add ("exception", ex.toString ());
    }
    lines.write (answer.add ("id", order.getAsInt ("id")));
  }
}
