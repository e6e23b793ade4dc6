/**
 * What images there are: {@link dev.retrain.dataset.ImageFolder} finds them in one folder a class,
 * {@link dev.retrain.dataset.Split} deals them to the training, validation and test partitions,
 * {@link dev.retrain.dataset.augment.OfflineAugmentation} adds warped copies to the first of these,
 * {@link dev.retrain.dataset.sample.SampleImages} draws some to try the tool on, {@link
 * dev.retrain.dataset.cifar} makes them of CIFAR-10's archive.
 *
 * <p>What leaves this package is a list of {@link dev.retrain.dataset.LabeledImage}. Only the
 * augmentation looks into an image; none knows a network.
 */
package dev.retrain.dataset;
