/**
 * The frozen network: finding and reading it ({@link
 * dev.retrain.backbone.registry.BackboneRegistry}, {@link dev.retrain.backbone.BackboneLoader}),
 * what it is ({@link dev.retrain.backbone.Backbone}) and running batches of decoded images through
 * it ({@link dev.retrain.backbone.BackboneSession}).
 *
 * <p>What leaves this package are float vectors of one fixed length. It knows no data set.
 */
package dev.retrain.backbone;
