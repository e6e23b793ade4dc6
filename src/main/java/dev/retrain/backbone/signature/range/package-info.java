/**
 * The range of color values that a network accepts: as the user says, as the graph's own first
 * operations say, or as its first batch normalization says on a sample of the images.
 */
package dev.retrain.backbone.signature.range;
