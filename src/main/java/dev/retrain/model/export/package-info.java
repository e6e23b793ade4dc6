/** Trained models as SavedModels for serving. */
package dev.retrain.model.export;
