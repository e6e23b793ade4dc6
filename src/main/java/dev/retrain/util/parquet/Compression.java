package dev.retrain.util.parquet;

import io.airlift.compress.Compressor;
import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;

/** Compresses and decompresses the bytes of pages, in Java. */
final class Compression {
  private Compression() {}

  /** Whether pages of a codec can be decompressed. */
  static boolean isSupported(CompressionCodec codec) {
    return switch (codec) {
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4_RAW -> true;
      default -> false;
    };
  }

  /**
   * Decompresses bytes.
   *
   * @param codec a supported codec
   * @param size number of bytes that must come out
   * @throws IOException if they don't
   */
  static byte[] decompress(CompressionCodec codec, ByteBuffer bytes, int size) throws IOException {
    byte[] from = new byte[bytes.remaining()];
    bytes.duplicate().get(from);
    // Readers of an empty page leave out its bytes, and some writers, too.
    byte[] to = codec == CompressionCodec.UNCOMPRESSED || from.length == 0 ? from : new byte[size];
    int length =
        switch (codec) {
          case UNCOMPRESSED -> from.length;
          case SNAPPY -> decompress(new SnappyDecompressor(), from, to);
          case ZSTD -> decompress(new ZstdDecompressor(), from, to);
          case LZ4_RAW -> decompress(new Lz4Decompressor(), from, to);
          case GZIP -> gunzip(from, to);
          default -> throw new IllegalArgumentException(codec.name());
        };
    if (length != size) {
      throw new IOException("a page has another size than its header says");
    }
    return to;
  }

  private static int decompress(Decompressor decompressor, byte[] from, byte[] to) {
    return from.length == 0 ? 0 : decompressor.decompress(from, 0, from.length, to, 0, to.length);
  }

  private static int gunzip(byte[] from, byte[] to) throws IOException {
    if (from.length == 0) {
      return 0;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(from))) {
      int length = in.readNBytes(to, 0, to.length);
      return in.read() < 0 ? length : -1;
    }
  }

  /** Compresses bytes with Snappy. */
  static byte[] snappy(byte[] bytes) {
    Compressor compressor = new SnappyCompressor();
    byte[] to = new byte[compressor.maxCompressedLength(bytes.length)];
    return Arrays.copyOf(to, compressor.compress(bytes, 0, bytes.length, to, 0, to.length));
  }
}
