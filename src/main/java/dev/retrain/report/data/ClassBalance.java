package dev.retrain.report.data;

/**
 * The number of images of one class in each set.
 *
 * @param label the class
 * @param training number of training images
 * @param validation number of validation images
 * @param test number of test images
 */
public record ClassBalance(String label, int training, int validation, int test) {
  public int total() {
    return training + validation + test;
  }
}
