package dev.retrain.fetch;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** A connection that failed or broke; the message completes a sentence. */
class ConnectionException extends IOException {
  private static final long serialVersionUID = 1L;

  ConnectionException(String reason) {
    super(reason);
  }

  ConnectionException(Throwable cause) {
    super(reason(cause), cause);
  }

  private static String reason(Throwable cause) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof UnresolvedAddressException) {
        return "the host is unknown, or there is no network connection";
      }
    }
    if (String.valueOf(cause.getMessage()).startsWith("too many authentication attempts")) {
      return "the proxy or the server does not accept the user name and password";
    }
    if (cause instanceof SSLException secure) {
      return CertificateProblem.describe(secure)
          .orElseGet(() -> "the secure connection failed: " + secure.getMessage());
    }
    if (cause instanceof HttpTimeoutException) {
      return "the server does not respond";
    }
    return Optional.ofNullable(cause.getMessage())
        .orElse(
            cause instanceof ConnectException
                ? "the server refused the connection"
                : cause.getClass().getSimpleName());
  }
}
