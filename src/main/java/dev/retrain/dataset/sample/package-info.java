/** Generated sample images of simple shapes and patterns, to try the tool without any data. */
package dev.retrain.dataset.sample;
