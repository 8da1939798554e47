package oots.interop.phase4;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

import com.helger.phase4.crypto.AS4CryptoFactoryInMemoryKeyStore;

/** Reads a folder of NAME.key.pem (PKCS #8) and NAME.crt.pem into key stores in memory. */
final class Keys
{
  static final char [] PASSWORD = "interop".toCharArray ();

  private final Path folder;

  Keys (final Path folder)
  {
    this.folder = folder;
  }

  X509Certificate certificate (final String name) throws IOException, GeneralSecurityException
  {
    final byte [] pem = Files.readAllBytes (folder.resolve (name + ".crt.pem"));
    return (X509Certificate) CertificateFactory.getInstance ("X.509").generateCertificate (new ByteArrayInputStream (pem));
  }

  /** One entry with the private key of name; its alias is the name in lower case. */
  KeyStore store (final String name) throws IOException, GeneralSecurityException
  {
    final KeyStore ret = empty ();
    ret.setKeyEntry (name.toLowerCase (), key (name), PASSWORD, new Certificate [] { certificate (name) });
    return ret;
  }

  KeyStore trust (final String... names) throws IOException, GeneralSecurityException
  {
    final KeyStore ret = empty ();
    for (final String name : names)
      ret.setCertificateEntry (name.toLowerCase (), certificate (name));
    return ret;
  }

  /** Signs and decrypts as name, and trusts exactly the certificates of trusted. */
  AS4CryptoFactoryInMemoryKeyStore crypto (final String name, final String... trusted) throws IOException, GeneralSecurityException
  {
    return new AS4CryptoFactoryInMemoryKeyStore (store (name), name.toLowerCase (), PASSWORD, trust (trusted));
  }

  static String fingerprint (final X509Certificate certificate) throws GeneralSecurityException
  {
    if (certificate == null)
      return "";
    return HexFormat.of ().formatHex (MessageDigest.getInstance ("SHA-256").digest (certificate.getEncoded ()));
  }

  private PrivateKey key (final String name) throws IOException, GeneralSecurityException
  {
    final String pem = Files.readString (folder.resolve (name + ".key.pem"), StandardCharsets.US_ASCII);
    final byte [] der = Base64.getMimeDecoder ().decode (pem.replaceAll ("-----[A-Z ]+-----", ""));
    try
    {
      return KeyFactory.getInstance ("RSA").generatePrivate (new PKCS8EncodedKeySpec (der));
    }
    catch (final InvalidKeySpecException ex)
    {
      return KeyFactory.getInstance ("EC").generatePrivate (new PKCS8EncodedKeySpec (der));
    }
  }

  private static KeyStore empty () throws IOException, GeneralSecurityException
  {
    final KeyStore ret = KeyStore.getInstance ("PKCS12");
    ret.load (null, PASSWORD);
    return ret;
  }
}
