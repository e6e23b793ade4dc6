package dev.retrain.model;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;

/** Serializes protocol buffers: equal messages give equal bytes. */
final class DeterministicProto {
  private DeterministicProto() {}

  // By default, the order of a map's entries is undefined.
  static byte[] serialize(MessageLite message) throws IOException {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    message.writeTo(out);
    out.checkNoSpaceLeft();
    return bytes;
  }
}
