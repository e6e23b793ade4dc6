/**
 * Reads the headers of image files before their pixels are decoded: the format, the size, the EXIF
 * orientation, and what makes a file expensive or impossible to decode.
 *
 * <p>Nothing here trusts a length or a count in a file: the time is proportional to the file's
 * length, and no memory is allocated by a declared size.
 */
package dev.retrain.image.decode.header;
