/** Makes data sets: downloads CIFAR-10, writes augmented copies, draws contact sheets. */
package dev.retrain.job.dataset;
