/**
 * Frozen graphs, rewritten to compute the same in less time. Each {@link
 * dev.retrain.backbone.rewrite.GraphPass} does one small thing and leaves alone what does not fit;
 * {@link dev.retrain.backbone.rewrite.GraphPasses} says in which order they are applied.
 *
 * <p>A convolution with batch normalisation goes this way:
 *
 * <ol>
 *   <li>{@link dev.retrain.backbone.rewrite.RemoveCheckOps}: what only watches is gone;
 *   <li>{@link dev.retrain.backbone.rewrite.DecomposeBatchNorm}: one op becomes {@code convolution
 *       * scale + shift};
 *   <li>{@link dev.retrain.backbone.rewrite.FoldConstants}: scale and shift become constants;
 *   <li>{@link dev.retrain.backbone.rewrite.FoldScaleIntoConv}: the weights are multiplied in place
 *       of each image's activations;
 *   <li>{@link dev.retrain.backbone.rewrite.ShiftToBiasAdd}: the shift becomes the bias that
 *       TensorFlow adds, with the Relu after it, inside the convolution.
 * </ol>
 *
 * <p>One rule holds for all: a node that keeps its name keeps its value.
 */
package dev.retrain.backbone.rewrite;
