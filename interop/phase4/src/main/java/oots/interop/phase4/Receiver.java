package oots.interop.phase4;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;

import org.w3c.dom.Node;

import com.helger.collection.commons.CommonsArrayList;
import com.helger.collection.commons.ICommonsList;
import com.helger.http.header.HttpHeaderMap;
import com.helger.json.IJsonArray;
import com.helger.json.IJsonObject;
import com.helger.json.JsonArray;
import com.helger.json.JsonObject;
import com.helger.phase4.attachment.WSS4JAttachment;
import com.helger.phase4.crypto.IAS4CryptoFactory;
import com.helger.phase4.ebms3header.Ebms3PartInfo;
import com.helger.phase4.ebms3header.Ebms3PartyId;
import com.helger.phase4.ebms3header.Ebms3Property;
import com.helger.phase4.ebms3header.Ebms3SignalMessage;
import com.helger.phase4.ebms3header.Ebms3UserMessage;
import com.helger.phase4.error.AS4ErrorList;
import com.helger.phase4.incoming.AS4RequestHandler;
import com.helger.phase4.incoming.IAS4IncomingMessageMetadata;
import com.helger.phase4.incoming.IAS4IncomingMessageState;
import com.helger.phase4.incoming.spi.AS4MessageProcessorResult;
import com.helger.phase4.incoming.spi.AS4SignalMessageProcessorResult;
import com.helger.phase4.incoming.spi.IAS4IncomingMessageProcessorSPI;
import com.helger.phase4.model.error.EEbmsError;
import com.helger.phase4.model.pmode.IPMode;
import com.helger.phase4.servlet.AS4UnifiedResponse;
import com.helger.phase4.servlet.AS4XServletHandler;
import com.helger.phase4.servlet.IAS4ServletRequestHandlerCustomizer;
import com.helger.web.scope.IRequestWebScopeWithoutResponse;

/** The receiving side: how phase4's servlet is set up, and the back end that it delivers to. */
final class Receiver implements IAS4IncomingMessageProcessorSPI
{
  private final Agreement agreement;
  private final IAS4CryptoFactory crypto;
  private final Lines lines;
  private final AtomicReference <EEbmsError> refusal = new AtomicReference <> ();
  private final boolean quiet;

  /** Every message that passed is written to lines, unless they are null: then payloads are read and dropped. */
  Receiver (final Agreement agreement, final IAS4CryptoFactory crypto, final Lines lines)
  {
    this.quiet = lines == null;
    this.agreement = agreement;
    this.crypto = crypto;
    this.lines = lines;
  }

  /** The next message, and only that, is refused by the back end with error. */
  void refuseNext (final EEbmsError error)
  {
    refusal.set (error);
  }

  AS4XServletHandler handler ()
  {
    return new AS4XServletHandler ().setRequestHandlerCustomizer (new Customizer ());
  }

  private final class Customizer implements IAS4ServletRequestHandlerCustomizer
  {
    @Override
    public void customizeBeforeHandling (final IRequestWebScopeWithoutResponse scope, final AS4UnifiedResponse response, final AS4RequestHandler handler)
    {
      handler.setCryptoFactory (crypto);
      handler.setPModeResolver (agreement);
      handler.setProcessorSupplier ( () -> new CommonsArrayList <> (Receiver.this));
    }

    @Override
    public void customizeAfterHandling (final IRequestWebScopeWithoutResponse scope, final AS4UnifiedResponse response, final AS4RequestHandler handler)
    {}
  }

  @Override
  public AS4MessageProcessorResult processAS4UserMessage (final IAS4IncomingMessageMetadata metadata,
                                                          final HttpHeaderMap headers,
                                                          final Ebms3UserMessage message,
                                                          final IPMode pmode,
                                                          final Node body,
                                                          final ICommonsList <WSS4JAttachment> attachments,
                                                          final IAS4IncomingMessageState state,
                                                          final AS4ErrorList errors)
  {
    // phase4 leaves it to its user to refuse what is not protected. [AS4 1.15 §3.2]
    final boolean bare = attachments == null || attachments.isEmpty ();
    if (!state.isSoapSignatureChecked () || !bare && !state.isSoapDecrypted ())
    {
      errors.add (EEbmsError.EBMS_POLICY_NONCOMPLIANCE.errorBuilder (Locale.ENGLISH).refToMessageInError (state.getMessageID ()).build ());
      return AS4MessageProcessorResult.createFailure ();
    }
    final EEbmsError refuse = refusal.getAndSet (null);
    if (refuse != null)
    {
      errors.add (refuse.errorBuilder (Locale.ENGLISH).refToMessageInError (state.getMessageID ()).errorDetail ("refused on request").build ());
      return AS4MessageProcessorResult.createFailure ();
    }
    try
    {
      final IJsonArray payloads = payloads (attachments);
      if (!quiet)
        lines.write (new JsonObject ().add ("received", describe (message, state).add ("payloads", payloads)));
      return AS4MessageProcessorResult.createSuccess ();
    }
    catch (final IOException | GeneralSecurityException | RuntimeException ex)
    {
      errors.add (EEbmsError.EBMS_OTHER.errorBuilder (Locale.ENGLISH).refToMessageInError (state.getMessageID ()).errorDetail (ex.toString ()).build ());
      return AS4MessageProcessorResult.createFailure ();
    }
  }

  private IJsonObject describe (final Ebms3UserMessage m, final IAS4IncomingMessageState state) throws GeneralSecurityException
  {
    final Ebms3PartyId from = m.getPartyInfo ().getFrom ().getPartyIdAtIndex (0);
    final IJsonArray parts = new JsonArray ();
    if (m.getPayloadInfo () != null)
      for (final Ebms3PartInfo p : m.getPayloadInfo ().getPartInfo ())
        parts.add (new JsonObject ().add ("href", p.getHref ())
                                    .add ("properties", properties (p.getPartProperties () == null ? null : p.getPartProperties ().getProperty ())));
    return new JsonObject ().add ("messageId", m.getMessageInfo ().getMessageId ())
                            .add ("conversationId", m.getCollaborationInfo ().getConversationId ())
                            .add ("from", from.getValue ())
                            .add ("fromType", from.getType ())
                            .add ("service", m.getCollaborationInfo ().getServiceValue ())
                            .add ("action", m.getCollaborationInfo ().getAction ())
                            .add ("properties", properties (m.getMessageProperties () == null ? null : m.getMessageProperties ().getProperty ()))
                            .add ("parts", parts)
                            .add ("signed", state.isSoapSignatureChecked ())
                            .add ("decrypted", state.isSoapDecrypted ())
                            .add ("signer", Keys.fingerprint (state.getSigningCertificate ()));
  }

  private static IJsonArray properties (final Iterable <Ebms3Property> properties)
  {
    final IJsonArray ret = new JsonArray ();
    if (properties != null)
      for (final Ebms3Property p : properties)
        ret.add (new JsonObject ().add ("name", p.getName ()).add ("type", p.getType ()).add ("value", p.getValue ()));
    return ret;
  }

  /** Reads every payload to its end, and digests it unless quiet. */
  private IJsonArray payloads (final ICommonsList <WSS4JAttachment> attachments) throws IOException, GeneralSecurityException
  {
    final IJsonArray ret = new JsonArray ();
    if (attachments == null)
      return ret;
    final byte [] buffer = new byte [1 << 16];
    for (final WSS4JAttachment a : attachments)
    {
      final MessageDigest digest = MessageDigest.getInstance ("SHA-256");
      long size = 0;
      try (InputStream raw = a.getSourceStream (); InputStream in = quiet ? raw : new DigestInputStream (raw, digest))
      {
        for (int n; (n = in.read (buffer)) >= 0;)
          size += n;
      }
      ret.add (new JsonObject ().add ("contentId", a.getId ())
                                .add ("mimeType", a.getMimeType ())
                                .add ("compressed", a.getCompressionMode () != null)
                                .add ("size", size)
                                .add ("sha256", HexFormat.of ().formatHex (digest.digest ())));
    }
    return ret;
  }

  @Override
  public AS4SignalMessageProcessorResult processAS4SignalMessage (final IAS4IncomingMessageMetadata metadata,
                                                                  final HttpHeaderMap headers,
                                                                  final Ebms3SignalMessage signal,
                                                                  final IPMode pmode,
                                                                  final IAS4IncomingMessageState state,
                                                                  final AS4ErrorList errors)
  {
    return AS4SignalMessageProcessorResult.createSuccess ();
  }

  @Override
  public void processAS4ResponseMessage (final IAS4IncomingMessageMetadata metadata,
                                         final IAS4IncomingMessageState state,
                                         final String responseId,
                                         final byte [] response,
                                         final boolean available,
                                         final AS4ErrorList errors)
  {}
}
