package dev.retrain.bench;

/** The unit of a figure. */
enum Unit {
  IMAGES_PER_SECOND("images/s", true),
  GFLOP_PER_SECOND("GFLOP/s", true),
  SECONDS("s", false),
  MILLISECONDS_PER_IMAGE("ms/image", false),
  GIBIBYTES("GiB", false),
  ACCURACY("", true),
  SHARE("", false);

  private final String text;
  private final boolean higherIsBetter;

  Unit(String text, boolean higherIsBetter) {
    this.text = text;
    this.higherIsBetter = higherIsBetter;
  }

  boolean higherIsBetter() {
    return higherIsBetter;
  }

  @Override
  public String toString() {
    return text;
  }
}
