package dev.retrain.image;

import java.awt.image.BufferedImage;

/**
 * A reference implementation of a warp in plain arithmetic: maps each point of the result to a
 * point of the image and interpolates bilinearly; pixels beyond the edge have the edge's value.
 */
final class WarpedPixels {
  private final BufferedImage image;
  private final AffineWarp warp;

  WarpedPixels(BufferedImage image, AffineWarp warp) {
    this.image = image;
    this.warp = warp;
  }

  /**
   * A colour value of the result.
   *
   * @param channel 0 red, 1 green, 2 blue
   */
  double value(int column, int row, int channel) {
    double x = column - (image.getWidth() - 1) / 2.0;
    double y = row - (image.getHeight() - 1) / 2.0;
    if (warp.flip()) {
      x = -x;
    }
    x *= warp.zoomX();
    y *= warp.zoomY();
    x += warp.shear() * y;
    x += warp.shiftX() * image.getWidth();
    y += warp.shiftY() * image.getHeight();
    double angle = warp.rotation() * Math.PI / 180;
    double turnedX = Math.cos(angle) * x - Math.sin(angle) * y;
    double turnedY = Math.sin(angle) * x + Math.cos(angle) * y;
    return between(
        turnedX + (image.getWidth() - 1) / 2.0, turnedY + (image.getHeight() - 1) / 2.0, channel);
  }

  private double between(double wantedX, double wantedY, int channel) {
    double x = Math.max(0, Math.min(image.getWidth() - 1, wantedX));
    double y = Math.max(0, Math.min(image.getHeight() - 1, wantedY));
    int left = (int) x;
    int top = (int) y;
    int right = Math.min(left + 1, image.getWidth() - 1);
    int bottom = Math.min(top + 1, image.getHeight() - 1);
    double above = (1 - x + left) * at(left, top, channel) + (x - left) * at(right, top, channel);
    double below =
        (1 - x + left) * at(left, bottom, channel) + (x - left) * at(right, bottom, channel);
    return (1 - y + top) * above + (y - top) * below;
  }

  private int at(int x, int y, int channel) {
    return image.getRGB(x, y) >> (16 - 8 * channel) & 0xFF;
  }
}
