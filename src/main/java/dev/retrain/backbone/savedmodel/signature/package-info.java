/** What a SavedModel's functions take and return. */
package dev.retrain.backbone.savedmodel.signature;
