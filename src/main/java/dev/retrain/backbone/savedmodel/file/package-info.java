/** The files of a SavedModel, in a directory or an archive. */
package dev.retrain.backbone.savedmodel.file;
