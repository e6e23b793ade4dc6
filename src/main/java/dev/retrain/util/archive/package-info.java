/**
 * Archives from strangers: {@link dev.retrain.util.archive.ArchiveCheck} says which entries are
 * safe to unpack, {@link dev.retrain.util.archive.TarExtractor} and {@link
 * dev.retrain.util.archive.ZipExtractor} read the files of an archive in order.
 */
package dev.retrain.util.archive;
