/**
 * SavedModels as frozen graphs: {@link dev.retrain.backbone.savedmodel.SavedModelFreezer} copies
 * the nodes that a signature's outputs depend on in place of the function calls, and reads the
 * variables from the checkpoint.
 *
 * <p>Nothing of a SavedModel runs before {@link dev.retrain.backbone.guard.GraphGuard} has checked
 * the frozen graph. TensorFlow's own loader is not used: it runs the model's initialization, and
 * fails on models of Keras 3 whose restore function fills other variables than the signature reads.
 */
package dev.retrain.backbone.savedmodel;
