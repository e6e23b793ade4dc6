/**
 * Archives of class folders, read where they are: zip, tar and gzip-compressed tar.
 *
 * <p>An archive is a read-only {@link java.nio.file.FileSystem}, so that the code that lists and
 * reads image files works on ordinary {@link java.nio.file.Path} objects. The path of an entry is
 * that of the archive followed by the entry's name, {@code photos.zip/cat/1.jpg}: it is unique, and
 * the text alone finds the entry again ({@link dev.retrain.dataset.archive.ImageArchive}). All
 * entries are checked when an archive is opened; the content of an entry is checked when it is
 * read.
 */
package dev.retrain.dataset.archive;
