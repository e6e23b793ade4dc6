/**
 * Decodes image files: detects the format from the content, decodes JPEG, PNG, GIF, BMP, WebP and
 * TIFF, applies the EXIF orientation, resizes and normalizes.
 */
package dev.retrain.image.decode;
