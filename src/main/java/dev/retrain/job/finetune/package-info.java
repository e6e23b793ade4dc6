/** Fine-tunes the network of a trained head, for a training and for each run of a sweep. */
package dev.retrain.job.finetune;
