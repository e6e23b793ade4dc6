/**
 * Turns a graph that calls functions and reads variables into one that does neither. Nothing of it
 * is run: {@link dev.retrain.backbone.savedmodel.inline.Inliner} copies nodes.
 */
package dev.retrain.backbone.savedmodel.inline;
