package dev.retrain.fetch;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Explains why the certificate of a server is not accepted. */
final class CertificateProblem {
  private CertificateProblem() {}

  /**
   * The problem and what to do, to complete a sentence.
   *
   * @param error why the connection failed
   * @return empty if it is not the certificate
   */
  static Optional<String> describe(SSLException error) {
    String texts = "";
    boolean path = false;
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof CertificateExpiredException) {
        return Optional.of(
            "its certificate has expired. Check the clock of this computer; if it is right, ask the"
                + " operator of the server to renew the certificate, or use another mirror");
      }
      if (e instanceof CertificateNotYetValidException) {
        return Optional.of("its certificate is not valid yet. Check the clock of this computer");
      }
      path |= e instanceof CertPathValidatorException;
      texts += " " + e.getMessage();
    }
    String text = texts.toLowerCase(Locale.ROOT);
    if (text.contains("no subject alternative") || text.contains("no name matching")) {
      return Optional.of(
          "its certificate is for another host name. Check the address, or ask the operator of the"
              + " server");
    }
    if (path || text.contains("pkix path")) {
      return Optional.of(
          "its certificate is self-signed, or signed by an authority that Java does not know. If you"
              + " trust it, or a proxy of your network inspects connections, import the certificate"
              + " into a file with keytool -importcert -file CERTIFICATE -keystore FILE, and set the"
              + " environment variable JAVA_TOOL_OPTIONS to -Djavax.net.ssl.trustStore=FILE"
              + " -Djavax.net.ssl.trustStorePassword=PASSWORD");
    }
    return Optional.empty();
  }
}
