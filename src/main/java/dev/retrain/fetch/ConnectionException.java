package dev.retrain.fetch;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;

/** A connection that could not be made, or broke; the message is the end of a sentence. */
final class ConnectionException extends IOException {
  private static final long serialVersionUID = 1L;

  ConnectionException(String why) {
    super(why);
  }

  ConnectionException(Throwable cause) {
    super(reason(cause), cause);
  }

  private static String reason(Throwable cause) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof UnresolvedAddressException) {
        return "its host is not known here, or there is no network connection";
      }
    }
    if (cause instanceof HttpTimeoutException) {
      return "it does not answer";
    }
    return Optional.ofNullable(cause.getMessage())
        .orElse(
            cause instanceof ConnectException
                ? "the connection is refused"
                : cause.getClass().getSimpleName());
  }
}
