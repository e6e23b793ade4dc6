package dev.retrain.bench;

/** What figures are measured in. */
enum Unit {
  PICTURES_PER_SECOND("pictures/s", true),
  GFLOP_PER_SECOND("GFLOP/s", true),
  SECONDS("s", false),
  MILLISECONDS_PER_PICTURE("ms a picture", false),
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
