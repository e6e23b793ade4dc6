/**
 * Images in memory, how they are preprocessed, and distortions for augmentation.
 *
 * <ul>
 *   <li>A {@link dev.retrain.image.Preprocessing} describes size, scale and variant; {@link
 *       dev.retrain.image.decode.ImageDecoder} decodes a file according to it into an {@link
 *       dev.retrain.image.ImageBatch}, {@link dev.retrain.image.decode.RgbDecoder} without it into
 *       an {@link dev.retrain.image.RgbImage};
 *   <li>Online augmentation: a {@link dev.retrain.image.Distorter} applies a {@link
 *       dev.retrain.image.Distortion} to a resized image;
 *   <li>Offline augmentation: an {@link dev.retrain.image.AffineWarper} applies an {@link
 *       dev.retrain.image.AffineWarp} to an RGB image and encodes a PNG file.
 * </ul>
 *
 * <p>Depends on no data set and no backbone.
 */
package dev.retrain.image;
