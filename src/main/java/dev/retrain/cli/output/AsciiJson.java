package dev.retrain.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.retrain.util.Json;

/**
 * JSON of printable ASCII characters only: it survives whatever the encoding of a terminal or a
 * pipe is, and controls no terminal.
 */
final class AsciiJson {
  private static final ObjectWriter WRITER =
      Json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private AsciiJson() {}

  /** A value on one line. */
  static String line(Object value) throws JsonProcessingException {
    // Jackson escapes all control characters but this one, which can only be in a string.
    return WRITER.writeValueAsString(value).replace("\u007f", "\\u007f");
  }
}
