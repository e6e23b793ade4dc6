/**
 * Lists of images: {@link dev.retrain.dataset.list.ImageList} yields the files of a directory, of
 * split folders or of a manifest, and selects among them.
 */
package dev.retrain.dataset.list;
