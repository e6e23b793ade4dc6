/**
 * Pretrained networks that compute feature vectors of images: {@link
 * dev.retrain.backbone.registry.BackboneRegistry} lists the known ones, {@link
 * dev.retrain.backbone.BackboneLoader} loads a {@link dev.retrain.backbone.Backbone}, and {@link
 * dev.retrain.backbone.BackboneSession} computes the vectors of batches of decoded images.
 *
 * <p>The result is one float32 vector of fixed length per image. This package knows nothing about
 * data sets.
 */
package dev.retrain.backbone;
