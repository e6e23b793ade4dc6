package dev.retrain.fetch;

import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** A server asks to try again later (RFC 9110, section 10.2.3). */
final class RetryLaterException extends ConnectionException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Duration> retryAfter;

  private RetryLaterException(URI uri, int status, Optional<Duration> retryAfter) {
    super(
        String.format(
            Locale.ROOT,
            "%s answers with status %d (%s)",
            uri,
            status,
            switch (status) {
              case 408 -> "request timeout";
              case 429 -> "too many requests";
              default -> "a server error";
            }));
    this.retryAfter = retryAfter;
  }

  /** Whether a later request may succeed. */
  static boolean isTemporary(int status) {
    return status == 408 || status == 429 || (status >= 500 && status != 501 && status != 505);
  }

  /**
   * @param header the header Retry-After: seconds, or a date
   * @param clock the time that a date is compared with
   */
  static RetryLaterException of(URI uri, int status, Optional<String> header, Clock clock) {
    return new RetryLaterException(uri, status, header.flatMap(value -> parse(value, clock)));
  }

  private static Optional<Duration> parse(String value, Clock clock) {
    try {
      if (value.matches("[0-9]{1,9}")) {
        return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
      }
      Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(clock.instant(), date)).filter(d -> !d.isNegative());
    } catch (DateTimeException e) {
      // An invalid header is ignored.
      return Optional.empty();
    }
  }

  /** How long the server asks to wait; absent if it does not say. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
