package dev.retrain.bench;

import java.util.List;

/** A group of rows that are measured together. */
interface Measurements {
  /** The group's name, by which it can be selected. */
  String title();

  /**
   * Measures.
   *
   * @param setting sizes, files and data
   * @return the rows
   * @throws org.opentest4j.TestAbortedException if something required is missing
   */
  List<Measurement> measure(Setting setting) throws Exception;
}
