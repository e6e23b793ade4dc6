/** The report about a model that gives an image any number of labels. */
package dev.retrain.report.multilabel;
