package oots.interop.phase4;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import com.helger.http.tls.ETLSVersion;
import com.helger.httpclient.HttpClientSettings;
import com.helger.json.IJson;
import com.helger.json.IJsonArray;
import com.helger.json.IJsonObject;
import com.helger.json.JsonArray;
import com.helger.json.JsonObject;
import com.helger.mime.parse.MimeTypeParser;
import com.helger.mime.parse.MimeTypeParserException;
import com.helger.phase4.attachment.AS4OutgoingAttachment;
import com.helger.phase4.crypto.IAS4CryptoFactory;
import com.helger.phase4.ebms3header.Ebms3Error;
import com.helger.phase4.ebms3header.Ebms3SignalMessage;
import com.helger.phase4.incoming.AS4IncomingProfileSelectorConstant;
import com.helger.phase4.messaging.http.HttpRetrySettings;
import com.helger.phase4.model.MessageProperty;
import com.helger.phase4.sender.AS4Sender;
import com.helger.phase4.sender.EAS4UserMessageSendResult;
import com.helger.phase4.sender.IAS4SignalMessageValidationResultHandler;

/** The sending side: phase4's message builder, one message a call. */
final class Sender
{
  private final Agreement agreement;
  private final X509Certificate receiver;
  private final HttpClientSettings http;

  /** Encrypts for receiver, and trusts TLS servers below the certificates of roots. */
  Sender (final Agreement agreement, final X509Certificate receiver, final KeyStore roots) throws GeneralSecurityException
  {
    this.agreement = agreement;
    this.receiver = receiver;
    final TrustManagerFactory trust = TrustManagerFactory.getInstance (TrustManagerFactory.getDefaultAlgorithm ());
    trust.init (roots);
    final SSLContext context = SSLContext.getInstance ("TLS");
    context.init (null, trust.getTrustManagers (), null);
    http = new HttpClientSettings ();
    http.setSSLContext (context);
    http.setTLSConfigurationMode (new com.helger.http.tls.TLSConfigurationMode (new ETLSVersion [] { ETLSVersion.TLS_13, ETLSVersion.TLS_12 },
                                                                                new String [0]));
    http.setResponseTimeout (org.apache.hc.core5.util.Timeout.ofMinutes (5));
  }

  /** A builder that lacks payloads and properties only. */
  AS4Sender.BuilderUserMessage builder (final IAS4CryptoFactory crypto, final String url, final String service, final String type, final String action)
  {
    return AS4Sender.builderUserMessage ()
                    .httpClientFactory (http)
                    .cryptoFactory (crypto)
                    .pmode (Agreement.pmode (agreement.self, agreement.peer, service, action))
                    .pmodeResolver (agreement)
                    .as4ProfileID ("none") // must be there; the selector sees to it that nobody looks it up
                    .incomingProfileSelector (new AS4IncomingProfileSelectorConstant (null))
                    .fromPartyIDType (Agreement.PARTY_TYPE)
                    .fromPartyID (agreement.self)
                    .fromRole (Agreement.ROLE)
                    .toPartyIDType (Agreement.PARTY_TYPE)
                    .toPartyID (agreement.peer)
                    .toRole (Agreement.ROLE)
                    .service (type, service)
                    .action (action)
                    .receiverCertificate (receiver)
                    .endpointURL (url);
  }

  /** Sends what order describes and tells what phase4 made of the answer. */
  IJsonObject send (final IAS4CryptoFactory crypto, final IJsonObject order) throws MimeTypeParserException
  {
    final AS4Sender.BuilderUserMessage b = builder (crypto,
                                                    order.getAsString ("url"),
                                                    order.getAsString ("service"),
                                                    order.getAsString ("serviceType"),
                                                    order.getAsString ("action"));
    b.messageID (order.getAsString ("messageId")).conversationID (order.getAsString ("conversationId"));
    if (order.getAsArray ("properties") != null)
      for (final IJson p : order.getAsArray ("properties"))
      {
        final IJsonObject o = p.getAsObject ();
        b.addMessageProperty (MessageProperty.builder ().name (o.getAsString ("name")).type (o.getAsString ("type")).value (o.getAsString ("value")));
      }
    if (order.getAsArray ("payloads") != null)
      for (final IJson p : order.getAsArray ("payloads"))
        b.addAttachment (attachment (p.getAsObject ()));
    final int retries = order.getAsInt ("retries", 0);
    if (retries > 0)
      b.httpRetrySettings (new HttpRetrySettings ().setMaxRetries (retries).setDurationBeforeRetry (Duration.ofMillis (100)));

    final IJsonObject answer = new JsonObject ();
    final Verdict verdict = new Verdict ();
    b.rawResponseConsumer (sent -> answer.add ("answerBytes", sent.hasResponseContent () ? sent.getResponseContent ().length : 0));
    b.signalMsgConsumer ( (signal, metadata, state) -> {
      describe (answer, signal);
      answer.add ("httpStatus", metadata.getResponseHttpStatusCode ()).add ("signed", state.isSoapSignatureChecked ());
      try
      {
        answer.add ("signer", Keys.fingerprint (state.getSigningCertificate ()));
      }
      catch (final GeneralSecurityException ex)
      {
        throw new IllegalStateException (ex);
      }
    });
    b.signalMsgValidationResultHdl (verdict);
    final EAS4UserMessageSendResult result = b.sendMessageAndCheckForReceipt (ex -> answer.add ("exception", causes (ex)));
    return answer.add ("result", result.getID ()).add ("references", verdict.text);
  }

  private static AS4OutgoingAttachment attachment (final IJsonObject o) throws MimeTypeParserException
  {
    final AS4OutgoingAttachment.Builder a = AS4OutgoingAttachment.builder ()
                                                                 .data (new File (o.getAsString ("file")))
                                                                 .contentID (o.getAsString ("contentId"))
                                                                 .mimeType (MimeTypeParser.parseMimeType (o.getAsString ("mimeType")));
    if (o.getAsBoolean ("compress", false))
      a.compressionGZIP ();
    if (o.getAsString ("charset") != null)
      a.charset (StandardCharsets.UTF_8);
    final IJsonObject properties = o.getAsObject ("properties");
    if (properties != null)
      for (final Map.Entry <String, IJson> e : properties)
        a.addCustomProperty (e.getKey (), e.getValue ().getAsValue ().getAsString ());
    return a.build ();
  }

  private static void describe (final IJsonObject answer, final Ebms3SignalMessage signal)
  {
    answer.add ("refTo", signal.getMessageInfo ().getRefToMessageId ());
    answer.add ("receipt", signal.getReceipt () != null);
    final IJsonArray errors = new JsonArray ();
    for (final Ebms3Error e : signal.getError ())
      errors.add (new JsonObject ().add ("code", e.getErrorCode ())
                                   .add ("severity", e.getSeverity ())
                                   .add ("refTo", e.getRefToMessageInError ())
                                   .add ("detail", e.getErrorDetail ()));
    answer.add ("errors", errors);
  }

  private static String causes (final Throwable ex)
  {
    final StringBuilder ret = new StringBuilder ();
    for (Throwable t = ex; t != null; t = t.getCause ())
      ret.append (ret.length () > 0 ? ": " : "").append (t);
    return ret.toString ();
  }

  /** What phase4 says of the references in a receipt. */
  private static final class Verdict implements IAS4SignalMessageValidationResultHandler
  {
    String text = "";

    @Override
    public void onSuccess ()
    {
      if (text.isEmpty ())
        text = "equal";
    }

    @Override
    public void onError (final String message)
    {
      text = "differ";
    }

    @Override
    public void onNotApplicable ()
    {
      if (text.isEmpty ())
        text = "not compared";
    }
  }
}
