package dev.retrain.dataset.cifar;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** A small archive in the layout of CIFAR-10's, of noise; its entries may be spoilt. */
public final class SampleArchive {
  private static final List<String> CLASSES =
      List.of("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  /** Entries by name, in their order. */
  final Map<String, byte[]> entries = new LinkedHashMap<>();

  private final Map<String, int[]> images = new TreeMap<>();

  /**
   * @param seed of the noise and the classes
   * @param perBatch images in each of the six batches
   */
  public SampleArchive(long seed, int perBatch) {
    Random random = new Random(seed);
    entries.put(
        "cifar-10-batches-bin/batches.meta.txt", "airplane\nautomobile\n".getBytes(US_ASCII));
    for (String batch : List.of("1", "2", "3", "4", "5", "t")) {
      byte[] records = new byte[perBatch * 3073];
      for (int i = 0; i < perBatch; i++) {
        int label = random.nextInt(10);
        records[3073 * i] = (byte) label;
        int[] rgb = new int[1024];
        for (int p = 0; p < 1024; p++) {
          int red = random.nextInt(256);
          int green = random.nextInt(256);
          int blue = random.nextInt(256);
          rgb[p] = 0xff000000 | red << 16 | green << 8 | blue;
          records[3073 * i + 1 + p] = (byte) red;
          records[3073 * i + 1025 + p] = (byte) green;
          records[3073 * i + 2049 + p] = (byte) blue;
        }
        String name = CLASSES.get(label);
        images.put("%s/b%s_%s_%d.png".formatted(name, batch, name, i), rgb);
      }
      entries.put(
          batch.equals("t")
              ? "cifar-10-batches-bin/test_batch.bin"
              : "cifar-10-batches-bin/data_batch_" + batch + ".bin",
          records);
    }
    entries.put("cifar-10-batches-bin/readme.html", "<html>".getBytes(US_ASCII));
  }

  /** The expected images: 1,024 pixels (0xffRRGGBB, row by row) by {@code class/file}. */
  public Map<String, int[]> images() {
    return images;
  }

  /** Cuts an entry, or makes it longer. */
  SampleArchive resized(String entry, int bytes) {
    entries.computeIfPresent(entry, (name, content) -> Arrays.copyOf(content, bytes));
    return this;
  }

  /** Writes it as a {@code tar.gz}. */
  public Path write(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        TarArchiveEntry header = new TarArchiveEntry(entry.getKey());
        header.setSize(entry.getValue().length);
        tar.putArchiveEntry(header);
        tar.write(entry.getValue());
        tar.closeArchiveEntry();
      }
    }
    return file;
  }
}
