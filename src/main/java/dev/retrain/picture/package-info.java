/**
 * A picture file's bytes on their way to numbers: {@link dev.retrain.picture.PictureDecoder} tells
 * the format from the content, decodes it, turns it upright, resizes and scales it as a {@link
 * dev.retrain.picture.Preprocessing} says.
 *
 * <p>{@link dev.retrain.picture.PixelDecoder} stops at the pixels; {@link
 * dev.retrain.picture.PictureWarper} makes a PNG file of them that a {@link
 * dev.retrain.picture.Warp} has changed.
 *
 * <p>Knows no data set and no network.
 */
package dev.retrain.picture;
