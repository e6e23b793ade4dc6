/**
 * CIFAR-10's published archive as folders of images: {@link dev.retrain.dataset.cifar.CifarArchive}
 * reads and checks it, {@link dev.retrain.dataset.cifar.CifarFolders} writes its images, a folder a
 * class.
 *
 * <p>Krizhevsky, <em>Learning Multiple Layers of Features from Tiny Images</em>, 2009. The archive
 * holds six files, {@code data_batch_1.bin} to {@code data_batch_5.bin} and {@code test_batch.bin},
 * of 10,000 records each; a record is a byte for the class and the 32 x 32 bytes of red, of green
 * and of blue, row by row.
 *
 * <p>An image is called {@code b<batch>_<class>_<index>.png}, or {@code bt_<class>_<index>.png} if
 * it is of the test batch; the index is the record's place in its batch file, from 0. So a name
 * says where in the archive an image is, and stays the same whatever else is written.
 */
package dev.retrain.dataset.cifar;
