/**
 * The classes of images that may have several of them: from class folders that hold the same image,
 * or from text with several labels.
 */
package dev.retrain.dataset.labels;
