/** What a network is fed while it is fine-tuned: distorted images, or activations. */
package dev.retrain.finetune.input;
