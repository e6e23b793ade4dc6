/** Augmentation before training: fills classes with distorted copies of their training images. */
package dev.retrain.dataset.augment;
