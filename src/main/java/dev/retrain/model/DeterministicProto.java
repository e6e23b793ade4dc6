package dev.retrain.model;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;

/** Protocol buffers as bytes: equal messages, equal bytes. */
final class DeterministicProto {
  private DeterministicProto() {}

  // Without the wish for it, the order of a map's entries is left to chance.
  static byte[] serialize(MessageLite message) throws IOException {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    message.writeTo(out);
    out.checkNoSpaceLeft();
    return bytes;
  }
}
