package dev.retrain.bench;

import java.util.List;

/** Rows that are measured together. */
interface Measurements {
  /** What they are about, for people. */
  String title();

  /**
   * Measures.
   *
   * @param setting sizes, files and data
   * @return the rows
   * @throws org.opentest4j.TestAbortedException where something that is needed is not there
   */
  List<Measurement> measure(Setting setting) throws Exception;
}
