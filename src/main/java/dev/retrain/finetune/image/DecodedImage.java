package dev.retrain.finetune.image;

/**
 * The pixels of an image as bytes.
 *
 * @param rgb [height, width, 3], flat; each the nearest integer to the decoder's value
 * @param grayMean mean of the luminance of these bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record DecodedImage(byte[] rgb, float grayMean) {
  /** Shares of red, green and blue in the luminance (ITU-R BT.601), as in Pillow. */
  private static final double[] LUMINANCE = {0.299, 0.587, 0.114};

  /**
   * Rounds values.
   *
   * @param values [height, width, 3], flat, 0 to 255
   */
  static DecodedImage round(float[] values) {
    byte[] rgb = new byte[values.length];
    long[] sums = new long[LUMINANCE.length];
    for (int i = 0; i < values.length; i++) {
      int value = Math.round(values[i]);
      rgb[i] = (byte) value;
      sums[i % LUMINANCE.length] += value;
    }
    double sum = 0;
    for (int channel = 0; channel < LUMINANCE.length; channel++) {
      sum += LUMINANCE[channel] * sums[channel];
    }
    return new DecodedImage(rgb, (float) (sum * LUMINANCE.length / values.length));
  }
}
