package dev.retrain.finetune.input;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.ndarray.buffer.DataStorageVisitor;
import org.tensorflow.types.TUint8;

/** The memory of a tensor, into which files are read without a copy. */
final class TensorMemory implements DataStorageVisitor<ByteBuffer> {
  private TensorMemory() {}

  /**
   * A part of a tensor's memory.
   *
   * @param tensor the tensor; the part must not be used after it is closed
   * @param offset index of the first byte
   * @param length number of bytes
   */
  static ByteBuffer slice(TUint8 tensor, long offset, int length) {
    return tensor.asRawTensor().data().slice(offset, length).accept(new TensorMemory());
  }

  private static final class Address extends Pointer {
    Address(long value) {
      address = value;
    }
  }

  @Override
  @SuppressWarnings("resource") // Owns no memory.
  public ByteBuffer visit(long address, long length, long scale) {
    return new BytePointer(new Address(address)).capacity(length).asByteBuffer();
  }

  @Override
  public ByteBuffer fallback() {
    throw new IllegalStateException("the tensor is not in native memory");
  }
}
