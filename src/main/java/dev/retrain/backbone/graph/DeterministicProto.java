package dev.retrain.backbone.graph;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;

/** Serializes protocol buffers: equal messages give equal bytes. */
public final class DeterministicProto {
  private DeterministicProto() {}

  /**
   * The bytes of a message.
   *
   * @throws IOException if it is larger than a protocol buffer can be
   */
  // By default, the order of a map's entries is undefined.
  public static byte[] serialize(MessageLite message) throws IOException {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    message.writeTo(out);
    out.checkNoSpaceLeft();
    return bytes;
  }
}
