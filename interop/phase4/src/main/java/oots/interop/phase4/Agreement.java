package oots.interop.phase4;

import java.util.Set;

import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

import com.helger.base.state.ETriState;
import com.helger.phase4.CAS4;
import com.helger.phase4.crypto.ECryptoAlgorithmCrypt;
import com.helger.phase4.crypto.ECryptoAlgorithmSign;
import com.helger.phase4.crypto.ECryptoAlgorithmSignDigest;
import com.helger.phase4.model.EMEP;
import com.helger.phase4.model.EMEPBinding;
import com.helger.phase4.model.pmode.IPMode;
import com.helger.phase4.model.pmode.PMode;
import com.helger.phase4.model.pmode.PModeParty;
import com.helger.phase4.model.pmode.PModeReceptionAwareness;
import com.helger.phase4.model.pmode.leg.EPModeSendReceiptReplyPattern;
import com.helger.phase4.model.pmode.leg.PModeLeg;
import com.helger.phase4.model.pmode.leg.PModeLegBusinessInformation;
import com.helger.phase4.model.pmode.leg.PModeLegErrorHandling;
import com.helger.phase4.model.pmode.leg.PModeLegProtocol;
import com.helger.phase4.model.pmode.leg.PModeLegSecurity;
import com.helger.phase4.model.pmode.resolve.IAS4PModeResolver;
import com.helger.phase4.wss.EWSSVersion;

/**
 * What the two parties agreed on: the Common Profile of eDelivery AS4 1.15 as phase4's P-Mode, for the
 * actions of one service and the test service, between exactly these two parties.
 */
final class Agreement implements IAS4PModeResolver
{
  static final String PARTY_TYPE = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots";
  static final String ROLE = "http://sdg.europa.eu/edelivery/gateway";
  static final String SERVICE = "QueryManager";
  static final String SERVICE_TYPE = "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0";
  static final Set <String> ACTIONS = Set.of ("ExecuteQueryRequest", "ExecuteQueryResponse", "ExceptionResponse");

  final String self;
  final String peer;

  Agreement (final String self, final String peer)
  {
    this.self = self;
    this.peer = peer;
  }

  /** One-way push, signed, encrypted, with a receipt of non-repudiation in the response. */
  static PMode pmode (final String initiator, final String responder, final String service, final String action)
  {
    final PModeLegSecurity security = new PModeLegSecurity ();
    security.setWSSVersion (EWSSVersion.WSS_111);
    security.setX509SignatureAlgorithm (ECryptoAlgorithmSign.RSA_SHA_256);
    security.setX509SignatureHashFunction (ECryptoAlgorithmSignDigest.DIGEST_SHA_256);
    security.setX509EncryptionAlgorithm (ECryptoAlgorithmCrypt.AES_128_GCM);
    security.setX509EncryptionMinimumStrength (128);
    security.setPModeAuthorize (false);
    security.setSendReceipt (true);
    security.setSendReceiptNonRepudiation (true);
    security.setSendReceiptReplyPattern (EPModeSendReceiptReplyPattern.RESPONSE);

    final ETriState yes = ETriState.TRUE;
    final PModeLeg leg = new PModeLeg (PModeLegProtocol.createForDefaultSoapVersion (null),
                                       PModeLegBusinessInformation.create (service, action, null, CAS4.DEFAULT_MPC_ID),
                                       new PModeLegErrorHandling (null, null, yes, yes, yes, yes),
                                       null,
                                       security);
    return new PMode (initiator + "-" + responder + "-" + action,
                      new PModeParty (PARTY_TYPE, initiator, ROLE, null, null),
                      new PModeParty (PARTY_TYPE, responder, ROLE, null, null),
                      "",
                      EMEP.ONE_WAY,
                      EMEPBinding.PUSH,
                      leg,
                      null,
                      null,
                      new PModeReceptionAwareness (yes, ETriState.FALSE, 0, 0, yes));
  }

  @Override
  public @Nullable IPMode findPMode (@Nullable final String id,
                                     @NonNull final String service,
                                     @NonNull final String action,
                                     @NonNull final String initiator,
                                     @NonNull final String responder,
                                     @Nullable final String agreement,
                                     @Nullable final String address)
  {
    final boolean business = service.equals (SERVICE) && ACTIONS.contains (action);
    final boolean ping = service.equals (CAS4.DEFAULT_SERVICE_URL) && action.equals (CAS4.DEFAULT_ACTION_URL);
    if (!business && !ping || !initiator.equals (peer) || !responder.equals (self) || agreement != null && !agreement.isEmpty ())
      return null;
    return pmode (initiator, responder, service, action);
  }
}
