/** Metrics that training and evaluation share; plain arithmetic on scores. */
package dev.retrain.training.metric;
