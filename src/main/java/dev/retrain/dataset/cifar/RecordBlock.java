package dev.retrain.dataset.cifar;

import java.util.List;

/** Neighbouring records of a batch file. */
final class RecordBlock {
  /** Width and height of an image, in pixels. */
  static final int SIZE = 32;

  /** Red, green, blue. */
  static final int CHANNELS = 3;

  /** Bytes of a record. */
  static final int RECORD = 1 + CHANNELS * SIZE * SIZE;

  /** The classes' folders, in the order of their numbers in the archive. */
  static final List<String> CLASSES =
      List.of("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private final String batch;
  private final int first;
  private final byte[] records;

  /**
   * @param batch what the images' names start with: {@code b1} to {@code b5}, or {@code bt}
   * @param first the place of the first record in the batch file, from 0
   * @param records the records, {@value #RECORD} bytes each: the class, then 32 x 32 bytes of red,
   *     of green and of blue; not copied
   * @throws IllegalArgumentException where a record is not whole, or its class is none
   */
  RecordBlock(String batch, int first, byte[] records) {
    if (records.length % RECORD != 0) {
      throw new IllegalArgumentException(
          "image %,d is cut short".formatted(first + records.length / RECORD));
    }
    for (int at = 0; at < records.length; at += RECORD) {
      if (records[at] < 0 || records[at] >= CLASSES.size()) {
        throw new IllegalArgumentException(
            "image %,d is of class %d, and there are 0 to %d only"
                .formatted(first + at / RECORD, records[at] & 0xff, CLASSES.size() - 1));
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

  /** The image's file below a directory of class folders: {@code cat/b1_cat_37.png}. */
  String name(int i) {
    String label = CLASSES.get(records[i * RECORD]);
    return label + "/" + batch + "_" + label + "_" + (first + i) + ".png";
  }
}
