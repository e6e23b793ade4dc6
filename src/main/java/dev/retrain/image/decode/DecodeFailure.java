package dev.retrain.image.decode;

import dev.retrain.image.UnreadableImageException;
import dev.retrain.image.decode.header.JpegHeader;
import java.util.Optional;

/** Explains why TensorFlow can't decode a file. */
final class DecodeFailure {
  private DecodeFailure() {}

  /**
   * @param cause the exception of TensorFlow
   * @param content the file's bytes
   */
  static UnreadableImageException explain(RuntimeException cause, byte[] content) {
    return new UnreadableImageException(reason(cause, content), cause);
  }

  private static String reason(RuntimeException cause, byte[] content) {
    // TensorFlow's message continues with the node and the stack trace of its creation.
    String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    if (message.contains("Invalid JPEG data or crop window")) {
      Optional<String> rare = JpegHeader.read(content).rareProcess();
      return rare.isPresent()
          ? "it is %s, which is not supported; convert it to a baseline JPEG or PNG"
              .formatted(rare.get())
          : "the JPEG data is corrupt or truncated";
    }
    if (message.contains("Invalid PNG")) {
      return "the PNG data is corrupt or truncated";
    }
    return "it can't be decoded (" + message.replaceAll("\\s*\\[?\\[?\\{\\{.*$", "") + ")";
  }
}
