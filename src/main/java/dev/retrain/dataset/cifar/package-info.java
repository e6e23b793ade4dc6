/**
 * CIFAR-10's published archive as image files: {@link dev.retrain.dataset.cifar.CifarArchive} reads
 * and verifies it, {@link dev.retrain.dataset.cifar.CifarFolders} writes its images to one folder
 * per class.
 *
 * <p>Krizhevsky, <em>Learning Multiple Layers of Features from Tiny Images</em>, 2009. The archive
 * contains six files, {@code data_batch_1.bin} to {@code data_batch_5.bin} and {@code
 * test_batch.bin}, of 10,000 records each; a record is one byte for the class, then 32 x 32 bytes
 * each of red, green and blue, row by row.
 *
 * <p>The file of an image is {@code b<batch>_<class>_<index>.png}, or {@code
 * bt_<class>_<index>.png} in the test batch; the index is that of the record in its batch file,
 * from 0. So the name depends only on the image's position in the archive.
 */
package dev.retrain.dataset.cifar;
