package dev.retrain.dataset.cifar;

import java.util.List;
import java.util.Locale;

/** Consecutive records of a batch file. */
final class RecordBlock {
  /** Width and height of an image, in pixels. */
  static final int SIZE = 32;

  /** Red, green, blue. */
  static final int CHANNELS = 3;

  /** Length of a record in bytes. */
  static final int RECORD = 1 + CHANNELS * SIZE * SIZE;

  /** Names of the class folders, indexed by the archive's class numbers. */
  static final List<String> CLASSES =
      List.of("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private final String batch;
  private final int first;
  private final byte[] records;

  /**
   * @param batch prefix of the images' names: {@code b1} to {@code b5}, or {@code bt}
   * @param first index of the first record in the batch file, from 0
   * @param records the records, {@value #RECORD} bytes each: the class, then 32 x 32 bytes each of
   *     red, green and blue; not copied
   * @throws IllegalArgumentException if a record is incomplete, or its class is not from 0 to 9
   */
  RecordBlock(String batch, int first, byte[] records) {
    if (records.length % RECORD != 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "image %,d is truncated", first + records.length / RECORD));
    }
    for (int at = 0; at < records.length; at += RECORD) {
      if (records[at] < 0 || records[at] >= CLASSES.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "image %,d has class %d, which must be from 0 to %d",
                first + at / RECORD,
                records[at] & 0xff,
                CLASSES.size() - 1));
      }
    }
    this.batch = batch;
    this.first = first;
    this.records = records;
  }

  String batch() {
    return batch;
  }

  int first() {
    return first;
  }

  byte[] records() {
    return records;
  }

  int count() {
    return records.length / RECORD;
  }

  /** The name of an image relative to the directory of class folders: {@code cat/b1_cat_37.png}. */
  String name(int i) {
    String label = CLASSES.get(records[i * RECORD]);
    return label + "/" + batch + "_" + label + "_" + (first + i) + ".png";
  }
}
