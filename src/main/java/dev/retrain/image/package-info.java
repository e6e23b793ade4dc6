/**
 * Decodes and preprocesses image files: {@link dev.retrain.image.decode.ImageDecoder} detects the
 * format from the content, decodes the image, applies its EXIF orientation, and resizes and scales
 * it according to a {@link dev.retrain.image.Preprocessing}.
 *
 * <p>{@link dev.retrain.image.decode.RgbDecoder} returns the pixels without preprocessing; {@link
 * dev.retrain.image.AffineWarper} applies an {@link dev.retrain.image.AffineWarp} to them and
 * encodes a PNG file.
 *
 * <p>Depends on no data set and no backbone.
 */
package dev.retrain.image;
