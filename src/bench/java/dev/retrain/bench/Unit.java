package dev.retrain.bench;

/** What figures are measured in. */
enum Unit {
  IMAGES_PER_SECOND("images/s", true),
  GFLOP_PER_SECOND("GFLOP/s", true),
  SECONDS("s", false),
  MILLISECONDS_PER_PICTURE("ms an image", false),
  GIBIBYTES("GiB", false),
  SHARE("", false);

  private final String text;
  private final boolean moreIsBetter;

  Unit(String text, boolean moreIsBetter) {
    this.text = text;
    this.moreIsBetter = moreIsBetter;
  }

  /** Whether a higher figure is the better one. */
  boolean moreIsBetter() {
    return moreIsBetter;
  }

  @Override
  public String toString() {
    return text;
  }
}
