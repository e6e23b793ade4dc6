/** Finds the values of variables in the checkpoint of a SavedModel, and reads them. */
package dev.retrain.backbone.savedmodel.variable;
