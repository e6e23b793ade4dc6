/**
 * What a user's network accepts and returns, as far as its options leave it open: the input, the
 * feature tensors, the size of images and the range of their values. Inferred from the graph, and
 * from a sample of the images where the graph doesn't say it.
 */
package dev.retrain.backbone.signature;
