/**
 * Graph passes that make a frozen graph faster without changing its values. Each {@link
 * dev.retrain.backbone.rewrite.GraphPass} makes one small change and ignores nodes that it does not
 * apply to; {@link dev.retrain.backbone.rewrite.GraphPasses} defines their order.
 *
 * <p>For a convolution with batch normalization:
 *
 * <ol>
 *   <li>{@link dev.retrain.backbone.rewrite.RemoveCheckOps} removes checks;
 *   <li>{@link dev.retrain.backbone.rewrite.DecomposeBatchNorm} replaces the op by {@code
 *       convolution * scale + shift};
 *   <li>{@link dev.retrain.backbone.rewrite.FoldConstants} computes scale and shift;
 *   <li>{@link dev.retrain.backbone.rewrite.FoldScaleIntoConv} multiplies the weights, instead of
 *       each image's activations, by the scale;
 *   <li>{@link dev.retrain.backbone.rewrite.ShiftToBiasAdd} turns the shift into a bias, which
 *       TensorFlow fuses with the convolution and a following Relu.
 * </ol>
 *
 * <p>Invariant of all passes: a node that keeps its name keeps its value.
 */
package dev.retrain.backbone.rewrite;
