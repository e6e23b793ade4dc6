/**
 * An image file's bytes on their way to numbers: {@link dev.retrain.image.ImageDecoder} tells the
 * format from the content, decodes it, turns it upright, resizes and scales it as a {@link
 * dev.retrain.image.Preprocessing} says.
 *
 * <p>{@link dev.retrain.image.RgbDecoder} stops at the pixels; {@link
 * dev.retrain.image.AffineWarper} makes a PNG file of them that a {@link
 * dev.retrain.image.AffineWarp} has changed.
 *
 * <p>Knows no data set and no network.
 */
package dev.retrain.image;
