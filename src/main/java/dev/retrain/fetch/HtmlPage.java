package dev.retrain.fetch;

import dev.retrain.util.RetrainException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A web page in the place of a file, such as the login page of a network or an error page. */
final class HtmlPage {
  private static final int START_BYTES = 256;

  private HtmlPage() {}

  /** Whether a file begins like a web page. */
  static boolean isPage(InputStream content) throws IOException {
    String start =
        new String(content.readNBytes(START_BYTES), StandardCharsets.ISO_8859_1)
            .strip()
            .toLowerCase(Locale.ROOT);
    return start.startsWith("<!doctype html") || start.startsWith("<html");
  }

  /** The exception that says so. */
  static RetrainException instead(URI uri, String name) {
    return new RetrainException(
        "%s returns a web page instead of %s, perhaps the login page of a network or an error page."
            + " Open the address in a browser.",
        uri, name);
  }
}
