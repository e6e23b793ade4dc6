/** What the metadata of a model says of the data it was trained on. */
package dev.retrain.model.data;
