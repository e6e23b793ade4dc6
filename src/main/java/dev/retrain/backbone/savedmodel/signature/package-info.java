/** What a SavedModel's functions accept and return. */
package dev.retrain.backbone.savedmodel.signature;
