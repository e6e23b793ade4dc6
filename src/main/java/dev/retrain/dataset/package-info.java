/**
 * Which images a data set contains: {@link dev.retrain.dataset.ImageFolder} lists a directory with
 * one folder per class, {@link dev.retrain.dataset.list.ImageList} also reads split folders and
 * manifests, {@link dev.retrain.dataset.split.Splitter} splits the images into training, validation
 * and test sets, {@link dev.retrain.dataset.augment.OfflineAugmentation} adds warped copies of
 * training images, {@link dev.retrain.dataset.sample.SampleImages} draws synthetic images, {@link
 * dev.retrain.dataset.cifar} extracts the images of CIFAR-10's archive.
 *
 * <p>The result is a list of {@link dev.retrain.dataset.LabeledImage}. Only the augmentation
 * decodes images; nothing here depends on a backbone.
 */
package dev.retrain.dataset;
