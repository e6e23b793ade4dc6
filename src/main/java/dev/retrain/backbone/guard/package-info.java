/**
 * Checks a graph before TensorFlow sees it. A graph is a program: its ops can read and write files,
 * connect to other machines or end the process. {@link dev.retrain.backbone.guard.GraphGuard} lets
 * only numeric, shape and image-decoding ops pass, refuses malformed graphs, and limits the memory
 * that constants declare.
 */
package dev.retrain.backbone.guard;
